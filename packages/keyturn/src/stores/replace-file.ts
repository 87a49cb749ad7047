/** replaceFile: a file changed whole, by one atomic rename. */
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { randomBytes } from 'node:crypto'
import { basename, dirname, join } from 'node:path'
import { StoreError } from '../errors.ts'
import { failpoint } from '../failpoint.ts'

export interface FileOwner {
  readonly uid: number
  readonly gid: number
  /** Permission bits. */
  readonly mode: number
}

/**
 * Puts the text in place: a temporary file in the same folder (O_EXCL, 0600), owner and mode as told, fsync,
 * rename, fsync of the folder. When it throws, the file is as it was.
 * @throws {StoreError} ERR_STORE_FULL, ERR_STORE_READ_ONLY, ERR_STORE_OWNER, ERR_STORE_DENIED, ERR_STORE_UNREACHABLE
 */
export function replaceFile(path: string, text: string | Uint8Array, owner?: FileOwner): void {
  const bytes = Buffer.from(text)
  const half = bytes.length >> 1
  const temporary = join(dirname(path), temporaryPrefix(path) + randomBytes(6).toString('hex'))
  try {
    failpoint('file.before-temporary')
    const file = openSync(temporary, 'wx', 0o600)
    try {
      // Unlike writeSync, this writes again what a full disk cut short, and so comes to know of it.
      writeFileSync(file, bytes.subarray(0, half))
      failpoint('file.half-written')
      writeFileSync(file, bytes.subarray(half))
      if (owner) keepOwner(file, path, owner)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    failpoint('file.before-rename')
    renameSync(temporary, path)
    failpoint('file.after-rename')
  } catch (error) {
    rmSync(temporary, { force: true })
    throw asStoreError(error, path)
  }
  syncFolder(dirname(path))
  failpoint('file.after-sync')
}

/** Removes what a killed writer left behind. Only whoever holds the lock may call it. */
export function removeTemporaries(path: string): void {
  const prefix = temporaryPrefix(path)
  for (const name of readdirSync(dirname(path))) {
    const isOurs = name.startsWith(prefix) && /^[0-9a-f]{12}$/.test(name.slice(prefix.length))
    if (isOurs) rmSync(join(dirname(path), name), { force: true })
  }
}

/** Matched by the `.env.*` that most ignore files carry: a leftover must not be committed. */
const temporaryPrefix = (path: string): string => `${basename(path)}.keyturn-`

function keepOwner(file: number, path: string, owner: FileOwner): void {
  try {
    // A folder can hand its group on to new files, so the process's own group says nothing.
    const { uid, gid } = fstatSync(file)
    if (owner.uid !== uid || owner.gid !== gid) fchownSync(file, owner.uid, owner.gid)
    fchmodSync(file, owner.mode)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error
    throw new StoreError(
      'ERR_STORE_OWNER',
      `${path} belongs to user ${owner.uid}, and only they or root can keep it so`,
    )
  }
}

/** Makes a rename last through a power cut. Some file systems cannot; then the rename is all there is. */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } catch (error) {
    if (!['EINVAL', 'EPERM', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  } finally {
    closeSync(handle)
  }
}

/** A file system's error as ours, without its own wording of paths or contents. */
export function asStoreError(error: unknown, path: string): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code
  if (error instanceof StoreError || code === undefined || !/^E[A-Z]+$/.test(code)) return error
  const folder = dirname(path)
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new StoreError('ERR_STORE_FULL', `no space left for ${path}; nothing was changed`)
    case 'EROFS':
      return new StoreError(
        'ERR_STORE_READ_ONLY',
        `${folder} is on a read-only file system; nothing was changed`,
      )
    case 'EACCES':
    case 'EPERM':
      return isReadable(path)
        ? new StoreError('ERR_STORE_READ_ONLY', `this user cannot write to ${folder}; nothing was changed`)
        : new StoreError('ERR_STORE_DENIED', `this user cannot read ${path}`)
    case 'EBUSY':
    case 'EXDEV':
      return new StoreError(
        'ERR_CONFIG_FILE_MOUNT',
        `${path} is mounted by itself and cannot be replaced; nothing was changed`,
      )
    default:
      return new StoreError('ERR_STORE_UNREACHABLE', `${path}: ${code}; nothing was changed`)
  }
}

/** Also true of a file that is not there: it could not be made, which is another matter. */
function isReadable(path: string): boolean {
  try {
    closeSync(openSync(path, 'r'))
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
  }
}

/** Owner and mode of a file. */
export function ownerOf(path: string): FileOwner {
  const { uid, gid, mode } = statSync(path)
  return { uid, gid, mode: mode & 0o7777 }
}
