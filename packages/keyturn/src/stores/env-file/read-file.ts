/** readText, realPath: the file as it is now, or a clear word why not. */
import { closeSync, fstatSync, openSync, readFileSync, readlinkSync, realpathSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { ConfigError, StoreError } from '../../errors.ts'
import { decodeText } from './lossless-text.ts'
import { asStoreError } from './write-file.ts'

const mostBytes = 1_048_576

/** Where the file is, or will be once it is made: symbolic links are followed, also one that leads nowhere yet. */
export function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    try {
      return resolve(realpathSync(dirname(path)), readlinkSync(path))
    } catch {
      return path
    }
  }
}

/**
 * The text, or undefined when there is no such file.
 * @throws {ConfigError} ERR_CONFIG_FILE_MOUNT; {StoreError} ERR_STORE_INVALID, ERR_STORE_DENIED, ERR_STORE_UNREACHABLE
 */
export const readText = (path: string): string | undefined => readOther(path, undefined)

/** The text, unless the file is the one that was found removed before. */
function readOther(path: string, removed: number | undefined): string | undefined {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw asStoreError(error, path)
  }
  try {
    const stat = fstatSync(file)
    if (stat.isDirectory()) throw new StoreError('ERR_STORE_INVALID', `${path} is a folder, not a file`)
    if (stat.nlink === 0) {
      if (stat.ino === removed) throw deaf(path)
      // A writer may have put another in its place just now; while this one is open, that has another number.
      return readOther(path, stat.ino)
    }
    if (stat.size > mostBytes)
      throw new StoreError('ERR_STORE_INVALID', `${path} is longer than ${mostBytes} bytes`)
    return decodeText(readFileSync(file))
  } catch (error) {
    throw asStoreError(error, path)
  } finally {
    closeSync(file)
  }
}

/** A file mounted by itself, as into a container, never sees a rename. */
export const deaf = (path: string): ConfigError =>
  new ConfigError(
    'ERR_CONFIG_FILE_MOUNT',
    `${path} is mounted by itself: changes will never arrive; mount the folder ${dirname(path)} instead`,
  )
