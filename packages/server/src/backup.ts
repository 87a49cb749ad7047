/** writeBackup, restoreBackup: everything a hub keeps, as one file. Secrets in it stay sealed. */
import { beginEpoch, type RotationContext } from 'keyturn/rotation'
import { backupTables, readBackupFile, writeBackupFile, type BackupRow } from './backup-file.ts'
import { asDatabaseError } from './database/database-error.ts'
import type { Database } from './database/open-database.ts'
import type { AuditRow } from './database/schema.ts'
import { knownBefore, type KnownBefore } from './known-before.ts'
import { ringOf } from './rings/ring-rows.ts'
import type { Sealer } from './sealing/sealer.ts'

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
  let rows: readonly BackupRow[]
  try {
    const snapshot = db.transaction()
    rows = await (kind === 'postgres' ? snapshot.setIsolationLevel('repeatable read') : snapshot).execute(
      readAll,
    )
  } catch (error) {
    throw asDatabaseError(error, name)
  }
  writeBackupFile(path, await database.time(), rows)
  return { rings: rows.filter(([table]) => table === 'rings').length, rows: rows.length }
}

async function readAll(db: Database['db']): Promise<readonly BackupRow[]> {
  const rows: BackupRow[] = []
  for (const table of backupTables)
    for (const row of await db.selectFrom(table).selectAll().execute()) rows.push([table, row] as BackupRow)
  return rows
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
 * more follow it, and no compromised key comes back. Trail entries that the backup does not know are kept, if they go
 * on from those that it has. The rings are told in the order of their names.
 * @throws {KeyturnError} ERR_HUB_BACKUP, ERR_HUB_MASTER_KEY, ERR_HUB_SEAL; nothing has changed then
 */
export async function restoreBackup(path: string, options: RestoreOptions): Promise<readonly RestoredRing[]> {
  const { database, sealer, contextOf } = options
  const rows = readBackupFile(path)
  const names = rows.flatMap(([table, row]) => (table === 'rings' ? [row.name] : [])).sort()
  for (const [table, row] of rows) if (table === 'rings') ringOf(row, sealer)
  let before: KnownBefore
  try {
    before = await database.db.transaction().execute(transaction => replace(transaction, rows))
  } catch (error) {
    throw asDatabaseError(error, database.name)
  }
  const restored: RestoredRing[] = []
  for (const ring of names) {
    const { compromised = [], ...seen } = before.rings.get(ring) ?? { epoch: 0, generation: 0 }
    const document = await beginEpoch(contextOf(ring), {
      reason: 'restored from a backup',
      compromised: [...options.compromised, ...compromised],
      seen,
    })
    restored.push({ ring, epoch: document.epoch, generation: document.generation })
  }
  return restored
}

async function replace(db: Database['db'], rows: readonly BackupRow[]): Promise<KnownBefore> {
  // First, so that no replica changes a ring between what is read here and what is put in its place.
  const halted = 'a backup is being restored'
  await db.updateTable('rings').set({ halted }).execute()
  const before = await knownBefore(db)
  for (const table of backupTables) await db.deleteFrom(table).execute()
  for (const table of ['leases', 'sessions', 'links', 'idempotency', 'replicas'] as const)
    await db.deleteFrom(table).execute()
  const kept = stillTrue(before, rows).map((row): BackupRow => ['audit', row])
  for (const [table, row] of [...rows, ...kept]) await db.insertInto(table).values(row).execute()
  await db.updateTable('rings').set({ halted }).execute()
  // A token that was revoked since stays revoked.
  for (const { id, revoked_at } of before.revoked)
    await db.updateTable('tokens').set({ revoked_at }).where('id', '=', id).execute()
  // What ran when the backup was made runs no more.
  await db.deleteFrom('rotations').where('state', '=', 'running').execute()
  return before
}

/** Trail entries that the backup lacks, of rings that are in it and have one history with it. */
function stillTrue({ rings }: KnownBefore, rows: readonly BackupRow[]): readonly AuditRow[] {
  const known = new Map<string, string>()
  const names = new Set<string>()
  for (const [table, row] of rows)
    if (table === 'audit') known.set(generationOf(row), row.entry)
    else if (table === 'rings') names.add(row.name)
  return [...rings].flatMap(([ring, { trail }]) => {
    const isOther = trail.some(row => (known.get(generationOf(row)) ?? row.entry) !== row.entry)
    return isOther || !names.has(ring) ? [] : trail.filter(row => !known.has(generationOf(row)))
  })
}

const generationOf = ({ ring, epoch, generation }: AuditRow): string => [ring, epoch, generation].join('\n')
