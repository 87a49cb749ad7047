/** Where the published names of the library have their sources: `keyturn/ring` is packages/keyturn/src/ring/index.ts. */
// @ts-check
import { readFileSync } from 'node:fs'
import path from 'node:path'

const folder = path.resolve(import.meta.dirname, '../packages/keyturn')

/** @typedef {{ name: string, exports: Record<string, string | { types: string, default: string }> }} Manifest */

/** @type {Manifest} */
const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))

/** Published name to the absolute path of its source, for each export that is code. */
export const publishedNames = new Map(
  Object.entries(manifest.exports).flatMap(([subpath, target]) => {
    if (typeof target === 'string') return []
    const source = target.default.replace('./dist/', 'src/').replace(/\.js$/, '.ts')
    return [/** @type {const} */ ([manifest.name + subpath.slice(1), path.join(folder, source)])]
  }),
)
