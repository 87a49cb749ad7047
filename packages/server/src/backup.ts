/** writeBackup, restoreBackup: everything a hub keeps, as one file of JSON lines. Secrets in it stay sealed. */
import { createHash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { KeyturnError } from 'keyturn'
import { beginEpoch, type RotationContext } from 'keyturn/rotation'
import type { Kysely } from 'kysely'
import { asDatabaseError } from './database/database-error.ts'
import type { Database } from './database/open-database.ts'
import type { Schema } from './database/schema.ts'
import { ringOf } from './rings/ring-rows.ts'
import type { Sealer } from './sealing/sealer.ts'

/** What a backup holds. Leases, sessions and replicas are of processes that will be gone by then. */
const tables = ['rings', 'audit', 'rotations', 'operators', 'tokens', 'events', 'meta'] as const
type Table = (typeof tables)[number]

/** Names the form of the file. */
const format = 'keyturn/backup/v1'

export interface BackupSummary {
  readonly rings: number
  readonly rows: number
}

export interface RestoredRing {
  readonly ring: string
  readonly epoch: number
  readonly generation: number
}

/**
 * Writes a new file, 0600, as one moment saw the database. The master key is not in it.
 * @throws {KeyturnError} ERR_HUB_BACKUP when the file is there already or cannot be written
 */
export async function writeBackup(database: Database, path: string): Promise<BackupSummary> {
  const { kind, db, name } = database
  let rows: readonly (readonly [Table, object])[]
  try {
    const snapshot = db.transaction()
    rows = await (kind === 'postgres' ? snapshot.setIsolationLevel('repeatable read') : snapshot).execute(
      readAll,
    )
  } catch (error) {
    throw asDatabaseError(error, name)
  }
  const lines = rows.map(([table, row]) => JSON.stringify([table, row]))
  const head = JSON.stringify({
    format,
    at: new Date(await database.time()).toISOString(),
    rows: lines.length,
  })
  const text = `${[head, ...lines].join('\n')}\n`
  writeWhole(path, text + JSON.stringify({ sha256: digestOf(text) }) + '\n')
  return { rings: rows.filter(([table]) => table === 'rings').length, rows: rows.length }
}

async function readAll(db: Kysely<Schema>): Promise<(readonly [Table, object])[]> {
  const rows: (readonly [Table, object])[] = []
  for (const table of tables)
    for (const row of await db.selectFrom(table).selectAll().execute()) rows.push([table, row])
  return rows
}

function writeWhole(path: string, text: string): void {
  try {
    const file = openSync(path, 'wx', 0o600)
    try {
      writeSync(file, text)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown'
    throw new KeyturnError('ERR_HUB_BACKUP', `${path} cannot be written (${code})`)
  }
}

interface RestoreOptions {
  readonly database: Database
  readonly sealer: Sealer
  /** Kids known to be compromised since the backup, beside those that the database itself still knows. */
  readonly compromised: readonly string[]
  readonly contextOf: (ring: string) => RotationContext
}

/**
 * Puts a backup in place of what the database holds, and begins a new epoch of every ring: instances that have seen
 * more follow it, and no compromised key comes back. Trail entries that the backup does not know are kept.
 * @throws {KeyturnError} ERR_HUB_BACKUP, ERR_HUB_MASTER_KEY, ERR_HUB_SEAL; nothing has changed then
 */
export async function restoreBackup(path: string, options: RestoreOptions): Promise<readonly RestoredRing[]> {
  const { database, sealer, contextOf } = options
  const rows = readBackup(path)
  for (const [table, row] of rows) if (table === 'rings') ringOf(row as Schema['rings'], sealer)
  let before: Known
  try {
    before = await knownIn(database.db)
    await database.db.transaction().execute(async transaction => {
      for (const table of tables) await transaction.deleteFrom(table).execute()
      for (const table of ['leases', 'sessions', 'links', 'idempotency', 'replicas'] as const)
        await transaction.deleteFrom(table).execute()
      for (const [table, row] of rows)
        await transaction
          .insertInto(table)
          .values(row as never)
          .onConflict(conflict => conflict.doNothing())
          .execute()
      await transaction.updateTable('rings').set({ halted: 'a backup is being restored' }).execute()
      // A token that was revoked since stays revoked.
      for (const { id, revoked_at } of before.revoked)
        await transaction.updateTable('tokens').set({ revoked_at }).where('id', '=', id).execute()
      // What ran when the backup was made runs no more.
      await transaction.deleteFrom('rotations').where('state', '=', 'running').execute()
    })
  } catch (error) {
    throw asDatabaseError(error, database.name)
  }
  const restored: RestoredRing[] = []
  for (const [table, row] of rows) {
    if (table !== 'rings') continue
    const { name } = row as Schema['rings']
    const document = await beginEpoch(contextOf(name), {
      reason: 'restored from a backup',
      compromised: [...options.compromised, ...(before.compromised.get(name) ?? [])],
      seen: before.seen.get(name) ?? { epoch: 0, generation: 0 },
    })
    restored.push({ ring: name, epoch: document.epoch, generation: document.generation })
  }
  return restored
}

/** What the database knew before: how far each ring was, and which keys and tokens are dead. */
interface Known {
  readonly seen: ReadonlyMap<string, { readonly epoch: number; readonly generation: number }>
  readonly compromised: ReadonlyMap<string, readonly string[]>
  readonly revoked: readonly { readonly id: string; readonly revoked_at: number | null }[]
}

async function knownIn(db: Kysely<Schema>): Promise<Known> {
  const marks = await db.selectFrom('rings').select(['name', 'epoch', 'generation', 'document']).execute()
  const compromised = marks.map(({ name, document }) => {
    const { keys } = JSON.parse(document) as { readonly keys: readonly { kid: string; state: string }[] }
    return [name, keys.filter(key => key.state === 'compromised').map(key => key.kid)] as const
  })
  return {
    seen: new Map(marks.map(({ name, epoch, generation }) => [name, { epoch, generation }])),
    compromised: new Map(compromised),
    revoked: await db
      .selectFrom('tokens')
      .select(['id', 'revoked_at'])
      .where('revoked_at', 'is not', null)
      .execute(),
  }
}

function readBackup(path: string): readonly (readonly [Table, object])[] {
  const damaged = (why: string): never => {
    throw new KeyturnError('ERR_HUB_BACKUP', `${path} ${why}`)
  }
  let text = ''
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    damaged(`cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`)
  }
  const end = text.lastIndexOf('\n', text.length - 2) + 1
  try {
    const { sha256 } = JSON.parse(text.slice(end)) as { readonly sha256: unknown }
    if (sha256 !== digestOf(text.slice(0, end))) damaged('is damaged, or not whole')
    const [head = '', ...lines] = text.slice(0, end - 1).split('\n')
    if ((JSON.parse(head) as { readonly format: unknown }).format !== format) damaged('is of another version')
    const rows = lines.map(line => JSON.parse(line) as readonly [Table, object])
    if (rows.some(([table]) => !tables.includes(table)))
      damaged('holds a table that this version does not know')
    return rows
  } catch (error) {
    if (error instanceof KeyturnError) throw error
    return damaged('is damaged, or no backup')
  }
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex')
