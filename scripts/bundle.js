/** Bundles the command line with the library's sources, so that the bin needs nothing but Node. */
// @ts-check
import { build } from 'esbuild'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { publishedNames } from './published-names.js'

/** commander is CommonJS and requires Node's own modules, which an ES module cannot. */
const banner = `import { createRequire as keyturnCreateRequire } from 'node:module'
const require = keyturnCreateRequire(import.meta.url)`

/** @type {import('esbuild').Plugin} */
const librarySources = {
  name: 'library-sources',
  setup(build) {
    build.onResolve({ filter: /^keyturn(\/|$)/ }, ({ path: name }) => {
      const source = publishedNames.get(name)
      return source ? { path: source } : { errors: [{ text: `packages/keyturn does not export ${name}` }] }
    })
  },
}

/**
 * Replaces a file in one step, and only if its content changes: a command may be loading it.
 * @param {string} file
 * @param {string | Uint8Array} content
 */
function place(file, content) {
  if (existsSync(file) && readFileSync(file).equals(Buffer.from(content))) return
  mkdirSync(path.dirname(file), { recursive: true })
  const fresh = `${file}.${process.pid}`
  writeFileSync(fresh, content)
  renameSync(fresh, file)
}

/** @param {string} root */
const versionOf = root =>
  JSON.parse(readFileSync(path.join(root, 'packages/keyturn/package.json'), 'utf8')).version

/**
 * The licences of the packages in the bundle, as they ask for.
 * @param {string} root
 * @param {readonly string[]} inputs
 */
function licences(root, inputs) {
  const folders = inputs.map(input => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0])
  const texts = [...new Set(folders.filter(folder => folder !== undefined))].sort().map(folder => {
    const { name, version } = JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8'))
    const file = readdirSync(path.join(root, folder)).find(entry => /^licen[cs]e/i.test(entry))
    if (!file) throw new Error(`${folder} is bundled but has no licence file`)
    return `${name} ${version}\n\n${readFileSync(path.join(root, folder, file), 'utf8').trim()}\n`
  })
  return `The command line of Keyturn holds parts of these packages.\n\n${texts.join('\n---\n\n')}`
}

/**
 * Writes `cli.js` and, under `cli/`, one chunk for each part that is loaded by itself.
 * @param {{ root: string, entry: string, outdir: string, failpoints: boolean }} options
 * @returns {Promise<void>}
 */
export async function bundleCommandLine({ root, entry, outdir, failpoints }) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: { cli: entry },
    outdir,
    chunkNames: 'cli/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    external: ['@keyturn/server'],
    plugins: [librarySources],
    define: { KEYTURN_FAILPOINTS: String(failpoints), KEYTURN_VERSION: JSON.stringify(versionOf(root)) },
    // Drops what `define` makes unreachable; names and lines stay readable.
    minifySyntax: true,
    banner: { js: banner },
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
    write: false,
  })
  const chunks = path.join(outdir, 'cli')
  const notice = path.join(chunks, 'THIRD-PARTY-LICENSES.txt')
  const current = new Set([notice, ...outputFiles.map(file => file.path)])
  place(notice, licences(root, Object.keys(metafile.inputs)))
  // The entry comes last: it names the chunks.
  for (const file of outputFiles.toReversed()) place(file.path, file.contents)
  for (const file of readdirSync(chunks).map(name => path.join(chunks, name))) {
    if (!current.has(file)) rmSync(file)
  }
}
