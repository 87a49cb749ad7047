/** lockDataFolder: one hub at a time works on a data folder. */
import { join } from 'node:path'
import { KeyturnError } from 'keyturn'
import Libsql from 'libsql'
import { asDatabaseError } from './database-error.ts'
import { makePrivate } from './private-file.ts'

/**
 * Holds the folder until the returned function is called, or the process ends, however it ends: the lock is one of the
 * operating system, on a database that holds nothing.
 * @throws {KeyturnError} ERR_HUB_IN_USE
 */
export function lockDataFolder(folder: string): () => void {
  const path = join(folder, 'hub.lock')
  let lock: Libsql.Database | undefined
  try {
    makePrivate(path)
    lock = new Libsql(path)
    lock.pragma('busy_timeout = 0')
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock?.close()
    const { code } = error as { code?: unknown }
    if (code === 'SQLITE_BUSY') throw new KeyturnError('ERR_HUB_IN_USE', `another hub works in ${folder}`)
    throw asDatabaseError(error, path)
  }
  const held = lock
  return () => {
    // Closing alone does not let go of the file before the garbage collector comes by.
    held.exec('ROLLBACK')
    held.close()
  }
}
