/** The master key in the data folder: made at the first start, and replaced in steps that a crash may come between. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { ConfigError, generateSecret } from 'keyturn'

const fileName = 'master.key'
const previousName = 'master.key.previous'

/**
 * The key first, and the one before it while rings may still be sealed with that.
 * @param isNew nothing is sealed yet, so a key may be made
 * @throws {ConfigError} ERR_HUB_MASTER_KEY_MISSING, ERR_HUB_MASTER_KEY for a file that others can read
 */
export function readKeyFiles(folder: string, isNew: boolean): readonly string[] {
  const [path, previous] = [join(folder, fileName), join(folder, previousName)]
  if (!existsSync(path)) {
    if (!isNew)
      throw new ConfigError(
        'ERR_HUB_MASTER_KEY_MISSING',
        `${path} is gone, and the rings in that folder were sealed with it: put it back`,
      )
    writeKey(folder, path, generateSecret())
  }
  return [path, previous].filter(file => existsSync(file)).map(readKey)
}

/** A new key that seals from now on; the one before goes on opening. One that was begun before is finished. */
export function renewKeyFile(folder: string): void {
  const [path, previous] = [join(folder, fileName), join(folder, previousName)]
  if (existsSync(previous)) return
  writeKey(folder, previous, readKey(path))
  writeKey(folder, path, generateSecret())
}

/** Nothing is sealed with the key before any more. */
export function forgetPreviousKey(folder: string): void {
  rmSync(join(folder, previousName), { force: true })
  syncFolder(folder)
}

function readKey(path: string): string {
  if ((statSync(path).mode & 0o077) !== 0)
    throw new ConfigError(
      'ERR_HUB_MASTER_KEY',
      `others can read ${path}: chmod 600 it, then keyturn server rekey`,
    )
  return readFileSync(path, 'utf8').trim()
}

/** Whole or not at all. */
function writeKey(folder: string, path: string, text: string): void {
  const fresh = `${path}.${process.pid}`
  rmSync(fresh, { force: true })
  const file = openSync(fresh, 'wx', 0o600)
  try {
    writeSync(file, `${text}\n`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(fresh, path)
  syncFolder(folder)
}

function syncFolder(folder: string): void {
  const file = openSync(folder, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
