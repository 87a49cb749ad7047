/** The package as npm packs it and as a user installs it. */
// @ts-check
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { bin, root, run } from './run.js'

const folder = path.join(root, 'packages/keyturn')

/**
 * @typedef {object} Manifest
 * @property {string} version
 * @property {Record<string, string | Record<string, string>>} exports
 * @property {Record<string, string>} [scripts]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [optionalDependencies]
 * @property {unknown} [bundleDependencies]
 */

/** @type {Manifest} */
const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))

const codeExports = Object.entries(manifest.exports).filter(([, target]) => typeof target === 'object')

/** @returns {string[]} problems */
export function exportsMap() {
  return codeExports.flatMap(([subpath, target]) => {
    if (typeof target === 'string') return []
    const missing = Object.values(target).filter(file => !existsSync(path.join(folder, file)))
    const shape =
      Object.keys(target).join() === 'types,default' ? [] : [`${subpath} is not { types, default }`]
    return [...shape, ...missing.map(file => `${subpath} names ${file}, which is not built`)]
  })
}

/** @returns {string[]} problems */
export function nothingElseIsInstalled() {
  const { scripts = {}, dependencies = {}, optionalDependencies = {} } = manifest
  const hooks = ['preinstall', 'install', 'postinstall', 'prepublish', 'preprepare', 'prepare', 'postprepare']
  return [
    ...Object.keys({ ...dependencies, ...optionalDependencies }).map(
      name => `${name} is a dependency: there are none`,
    ),
    ...(manifest.bundleDependencies === undefined ? [] : ['dependencies are bundled: there are none']),
    ...hooks.filter(hook => hook in scripts).map(hook => `the script ${hook} would run at users' machines`),
    ...(existsSync(path.join(folder, 'binding.gyp'))
      ? ["binding.gyp makes npm build at users' machines"]
      : []),
  ]
}

/**
 * Packs into a new folder, hands on the tarball and its files, and removes the folder.
 * @param {(packed: { tarball: string, folder: string, files: string[] }) => Promise<string[]>} check
 * @returns {Promise<string[]>} problems
 */
async function packed(check) {
  const target = await mkdtemp(path.join(os.tmpdir(), 'keyturn-pack-'))
  try {
    const { stdout, stderr, code } = await run(
      'npm',
      ['pack', '--json', '--ignore-scripts', '--pack-destination', target],
      folder,
    )
    if (code !== 0) return [stderr]
    const [pack] = JSON.parse(stdout)
    const files = pack.files.map((/** @type {{ path: string }} */ file) => file.path)
    return await check({ tarball: path.join(target, pack.filename), folder: target, files })
  } finally {
    await rm(target, { recursive: true, force: true })
  }
}

const allowed =
  /^(package\.json|README\.md|LICENSE|bin\/keyturn\.js|dist\/.+(?<!\.test)\.(js|d\.ts)|dist\/cli\/THIRD-PARTY-LICENSES\.txt)$/
const forbidden = /dist-test|fixture|vectors|\btests?\//
const needed = [
  'package.json',
  'README.md',
  'LICENSE',
  'bin/keyturn.js',
  'dist/cli.js',
  'dist/index.js',
  'dist/index.d.ts',
]

/** @returns {Promise<string[]>} problems */
export const tarballContent = () =>
  packed(async ({ files }) => {
    const bundle = files.filter(file => /^dist\/cli(\.js|\/)/.test(file))
    return [
      ...needed.filter(file => !files.includes(file)).map(file => `${file} is not in the tarball`),
      ...files
        .filter(file => !allowed.test(file) || forbidden.test(file))
        .map(file => `${file} is in the tarball`),
      ...bundle
        .filter(file => readFileSync(path.join(folder, file), 'utf8').includes('KEYTURN_FAILPOINT'))
        .map(file => `${file} has the failpoints of the test build`),
    ]
  })

/** @returns {Promise<string[]>} problems */
export const publint = () =>
  packed(async ({ tarball }) => {
    const { code, stdout, stderr } = await run(bin('publint'), ['run', tarball, '--strict'])
    return code === 0 ? [] : [stdout + stderr]
  })

/** @returns {Promise<string[]>} problems */
export const arethetypeswrong = () =>
  packed(async ({ tarball }) => {
    const args = [tarball, '--profile', 'esm-only', '--format', 'ascii', '--no-emoji', '--no-color']
    const { code, stdout, stderr } = await run(bin('attw'), args)
    return code === 0 ? [] : [stdout + stderr]
  })

/** Resolves and loads each export, as CommonJS finds it and as a module. */
const consumer = `
import { createRequire } from 'node:module'
const require = createRequire(import.meta.url)
for (const name of process.argv.slice(2)) {
  try {
    require.resolve(name)
    if (!name.endsWith('.json') && Object.keys(await import(name)).length === 0) throw new Error('exports nothing')
  } catch (error) {
    console.log(name + ': ' + error.message)
  }
}
`

/** Installs the tarball in an empty folder, without the network, and uses it. @returns {Promise<string[]>} problems */
export const installed = () =>
  packed(async ({ tarball, folder: target }) => {
    await writeFile(path.join(target, 'package.json'), '{ "private": true }')
    await writeFile(path.join(target, 'consumer.mjs'), consumer)
    const install = await run('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], target)
    if (install.code !== 0) return [install.stderr]
    const names = Object.keys(manifest.exports).map(subpath => `keyturn${subpath.slice(1)}`)
    const imports = await run(process.execPath, ['consumer.mjs', ...names], target)
    const version = await run(path.join(target, 'node_modules/.bin/keyturn'), ['--version'], target)
    return [
      ...imports.stdout.split('\n').filter(line => line !== ''),
      ...(imports.code === 0 ? [] : [imports.stderr]),
      ...(version.code === 0 && version.stdout.includes(manifest.version)
        ? []
        : [`keyturn --version says: ${version.stdout}${version.stderr}`]),
    ]
  })
