/** scratchFolder: a temporary folder that is gone when the process ends, also after Ctrl-C. */
// @ts-check
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** @type {Set<string>} */
const folders = new Set()

/** @param {string} path */
export function removeFolder(path) {
  folders.delete(path)
  rmSync(path, { recursive: true, force: true })
}

/** @returns {string} its path */
export function scratchFolder() {
  if (folders.size === 0) {
    process.once('exit', () => folders.forEach(removeFolder))
    process.once('SIGINT', () => process.exit(130))
    process.once('SIGTERM', () => process.exit(143))
  }
  const path = mkdtempSync(join(tmpdir(), 'keyturn-bench-'))
  folders.add(path)
  return path
}
