/** readText, realPath: the file as it is now, or a clear word why not. */
import { closeSync, fstatSync, openSync, readFileSync, readlinkSync, realpathSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { ConfigError, StoreError } from '../../errors.ts'
import { decodeText } from './lossless-text.ts'
import { isMountPoint } from './mount.ts'
import { asStoreError } from '../replace-file.ts'

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
export function readText(path: string): string | undefined {
  for (let tries = 1; ; tries += 1) {
    const found = readOnce(path)
    if (found !== removed) return found
    // A rename takes the old file's name away before it gives it to the new one: that lasts for moments only.
    if (isMountPoint(path) || tries === mostTries) throw deaf(path)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMilliseconds)
  }
}

const mostTries = 100
const pauseMilliseconds = 10

/** Says of a file that it has no name any more. */
const removed = Symbol('removed')

function readOnce(path: string): string | typeof removed | undefined {
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
    if (stat.nlink === 0) return removed
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
