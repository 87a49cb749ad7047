/** writeBackupFile, readBackupFile: rows as a file of JSON lines, with a digest at the end. */
import { createHash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { KeyturnError } from 'keyturn'
import type { Schema } from './database/schema.ts'

/** What a backup holds. Leases, sessions and replicas are of processes that will be gone by then. */
export const backupTables = [
  'rings',
  'audit',
  'rotations',
  'operators',
  'tokens',
  'events',
  'meta',
] as const satisfies readonly (keyof Schema)[]

type Table = (typeof backupTables)[number]
export type BackupRow = { [Name in Table]: readonly [table: Name, row: Schema[Name]] }[Table]

/** Names the form of the file. */
const format = 'keyturn/backup/v1'

/**
 * Writes a new file, 0600, whole or not at all.
 * @throws {KeyturnError} ERR_HUB_BACKUP when the file is there already or cannot be written
 */
export function writeBackupFile(path: string, at: number, rows: readonly BackupRow[]): void {
  const head = JSON.stringify({ format, at: new Date(at).toISOString(), rows: rows.length })
  const text = `${[head, ...rows.map(row => JSON.stringify(row))].join('\n')}\n`
  let isOurs = false
  try {
    const file = openSync(path, 'wx', 0o600)
    isOurs = true
    try {
      writeFileSync(file, `${text}${JSON.stringify({ sha256: digestOf(text) })}\n`)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
  } catch (error) {
    if (isOurs) rmSync(path, { force: true })
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown'
    throw new KeyturnError('ERR_HUB_BACKUP', `${path} cannot be written (${code})`)
  }
}

/** @throws {KeyturnError} ERR_HUB_BACKUP */
export function readBackupFile(path: string): readonly BackupRow[] {
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
    const rows = lines.map(line => JSON.parse(line) as BackupRow)
    if (rows.some(([table]) => !backupTables.includes(table)))
      damaged('holds a table that this version does not know')
    return rows
  } catch (error) {
    if (error instanceof KeyturnError) throw error
    return damaged('is damaged, or no backup')
  }
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex')
