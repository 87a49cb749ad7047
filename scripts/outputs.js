/** Keeps the outputs of tsc in step with the sources. `tsc -b` trusts its record alone and never deletes. */
// @ts-check
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'

/**
 * @param {string} folder
 * @returns {string[]} files, relative to the folder
 */
function filesUnder(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => path.relative(folder, path.join(entry.parentPath, entry.name)))
}

/** What stands in a `dist` and is not tsc's: the bundled command line, and the console that the hub serves. */
const isBundle = /** @param {string} file */ file => file === 'cli.js' || /^(cli|console)\//.test(file)

/**
 * Removes outputs whose source is gone, and the record of a project that lacks an output.
 * @param {string} root folder of the root tsconfig.json
 */
export function tidyOutputs(root) {
  /** @type {{ references: { path: string }[] }} */
  const { references } = JSON.parse(readFileSync(path.join(root, 'tsconfig.json'), 'utf8'))
  for (const project of references.map(reference => path.join(root, reference.path))) {
    const sources = filesUnder(path.join(project, 'src')).filter(
      file => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.endsWith('.d.ts'),
    )
    const outputs = new Set(
      sources.map(file => file.slice(0, -'.ts'.length)).flatMap(name => [`${name}.js`, `${name}.d.ts`]),
    )
    const found = new Set(filesUnder(path.join(project, 'dist')).filter(file => /\.(js|d\.ts)$/.test(file)))
    for (const file of found) {
      if (outputs.has(file) || isBundle(file)) continue
      rmSync(path.join(project, 'dist', file))
    }
    if ([...outputs].some(file => !found.has(file)))
      rmSync(path.join(project, 'tsconfig.tsbuildinfo'), { force: true })
  }
}
