/** openStorage: database and master key, checked against each other. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { KeyturnError } from 'keyturn'
import { lockDataFolder } from './database/data-folder-lock.ts'
import { databasePath, openDatabase, type Database } from './database/open-database.ts'
import { isKeyGiven, readMasterKeys } from './sealing/master-key.ts'
import { Sealer } from './sealing/sealer.ts'

export interface StorageOptions {
  /** The data folder. @default './keyturn-data' */
  readonly data?: string
  /** `DATABASE_URL`, `KEYTURN_MASTER_KEY` and its kin. */
  readonly env: Readonly<Record<string, string | undefined>>
}

export interface Storage {
  readonly database: Database
  readonly sealer: Sealer
  /** Where `master.key` is; absent where the environment has the key. */
  readonly keyFolder?: string
  close(): Promise<void>
}

const defaultData = './keyturn-data'

/** @throws {KeyturnError} ERR_HUB_DATABASE where opening the storage would make a new database in its folder */
export function assertDatabase({ data = defaultData, env }: StorageOptions): void {
  if (env['DATABASE_URL'] || existsSync(databasePath(resolve(data)))) return
  throw new KeyturnError(
    'ERR_HUB_DATABASE',
    `${data} holds no database of a hub: name its folder with --data`,
  )
}

/**
 * @throws {KeyturnError} ERR_HUB_IN_USE, ERR_HUB_MASTER_KEY, ERR_HUB_MASTER_KEY_MISSING, ERR_HUB_DATABASE
 * @throws {StoreError} when the database does not answer
 */
export async function openStorage({ data = defaultData, env }: StorageOptions): Promise<Storage> {
  const url = env['DATABASE_URL'] || undefined
  const folder = resolve(data)
  const unlock = url === undefined ? lockDataFolder(folder) : () => undefined
  let database: Database | undefined
  try {
    const isNew = !existsSync(databasePath(folder))
    const sealer = new Sealer(readMasterKeys({ env, isNew, ...(url === undefined && { folder }) }))
    database = await openDatabase({ data: folder, ...(url !== undefined && { url }) })
    await assertOpens(database, sealer)
    const { close } = database
    // Twice is once.
    let closing: Promise<void> | undefined
    return {
      database,
      sealer,
      ...(url === undefined && !isKeyGiven(env) && { keyFolder: folder }),
      close: () => (closing ??= close().then(unlock)),
    }
  } catch (error) {
    await database?.close().catch(() => undefined)
    unlock()
    throw error
  }
}

/** Says at the start what would otherwise be said of the first ring that is asked for. */
async function assertOpens({ db, name }: Database, sealer: Sealer): Promise<void> {
  for (const ring of await db.selectFrom('rings').select(['name', 'secrets']).execute()) {
    const foreign = Object.values(JSON.parse(ring.secrets) as Record<string, string>)
      .map(sealed => sealed.split('.')[1] ?? '')
      .find(id => !sealer.knows(id))
    if (foreign === undefined) continue
    throw new KeyturnError(
      'ERR_HUB_MASTER_KEY',
      `the rings in ${name} were sealed with the master key ${foreign}; the one given is ${sealer.keyId}`,
    )
  }
}
