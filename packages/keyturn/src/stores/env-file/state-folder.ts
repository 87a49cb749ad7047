/** prepareStateFolder: the folder beside the file for leases, trail and lock. */
import { chownSync, existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { asStoreError, ownerOf, type FileOwner } from '../replace-file.ts'

/** Makes what is missing of it, 0700, and says who owns the file, or else its folder. */
export function prepareStateFolder(path: string, stateFolder: string): FileOwner {
  try {
    const owner = existsSync(path) ? ownerOf(path) : ownerOf(dirname(path))
    ownFolder(join(dirname(path), '.keyturn'), owner)
    ownFolder(stateFolder, owner)
    ownFolder(join(stateFolder, 'leases'), owner)
    return owner
  } catch (error) {
    throw asStoreError(error, join(stateFolder, 'leases'))
  }
}

/** Makes the folder, 0700, and those above it, each for that owner. */
export function ownFolder(path: string, owner: FileOwner): void {
  if (existsSync(path)) return
  ownFolder(dirname(path), owner)
  try {
    // Not recursive: that calls a read-only file system a missing folder.
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  own(path, owner)
}

/** Root works for the file's owner, who must be able to go on alone. */
export function own(path: string, { uid, gid }: FileOwner): void {
  if (process.geteuid?.() === 0 && statSync(path).uid !== uid) chownSync(path, uid, gid)
}
