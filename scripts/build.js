/** Builds everything: modules and declarations with tsc, the command line into one bundle, and the web pages with Vite. `--failpoints` adds the test build. */
// @ts-check
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { bundleCommandLine } from './bundle.js'
import { tidyOutputs } from './outputs.js'

const root = path.resolve(import.meta.dirname, '..')
const entry = path.join(root, 'packages/cli/src/main.ts')
const { values } = parseArgs({ options: { failpoints: { type: 'boolean', default: false } } })

/** @returns {Promise<void>} */
function compile() {
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc')
  const child = spawn(process.execPath, [tsc, '-b'], { cwd: root, stdio: 'inherit' })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', code => (code === 0 ? resolve() : reject(new Error('tsc found errors'))))
  })
}

/** @returns {Promise<void>[]} */
function bundles() {
  if (!existsSync(entry)) {
    process.stderr.write('build: packages/cli/src/main.ts does not exist yet: no command line is bundled\n')
    return []
  }
  const published = path.join(root, 'packages/keyturn/dist')
  const forTests = path.join(root, 'packages/cli/dist-test')
  return [
    bundleCommandLine({ root, entry, outdir: published, failpoints: false }),
    ...(values.failpoints ? [bundleCommandLine({ root, entry, outdir: forTests, failpoints: true })] : []),
  ]
}

/** The console, as it is published, and ImmoNow's site with what helps whoever develops it. */
const sites = [
  { folder: 'packages/console', mode: 'production' },
  { folder: 'examples/immonow/web', mode: 'development' },
]

/**
 * @param {{ folder: string, mode: string }} site
 * @returns {Promise<void>}
 */
function buildSite({ folder, mode }) {
  const vite = path.join(root, 'node_modules/vite/bin/vite.js')
  const child = spawn(process.execPath, [vite, 'build', '--mode', mode, '--logLevel', 'warn'], {
    cwd: path.join(root, folder),
    stdio: 'inherit',
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', code => (code === 0 ? resolve() : reject(new Error(`vite cannot build ${folder}`))))
  })
}

tidyOutputs(root)
const results = await Promise.allSettled([compile(), ...bundles(), ...sites.map(buildSite)])
for (const result of results) {
  if (result.status === 'fulfilled') continue
  const message = result.reason instanceof Error ? result.reason.message : String(result.reason)
  process.stderr.write(`build: error: ${message}\n`)
  process.exitCode = 1
}
