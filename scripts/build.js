/** Builds everything: modules and declarations with tsc, and the command line into one bundle. `--failpoints` adds the test build. */
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

tidyOutputs(root)
const results = await Promise.allSettled([compile(), ...bundles()])
for (const result of results) {
  if (result.status === 'fulfilled') continue
  const message = result.reason instanceof Error ? result.reason.message : String(result.reason)
  process.stderr.write(`build: error: ${message}\n`)
  process.exitCode = 1
}
