/** A database file of its own for one test. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

import { openDatabase, type Database } from '../src/database/database.ts'
import { migrate } from '../src/database/migrations.ts'

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'immonow-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Open, migrated, and removed after the test. */
export async function temporaryDatabase(file = join(temporaryFolder(), 'immonow.sqlite')): Promise<Database> {
  const database = await openDatabase(file)
  onTestFinished(() => {
    database.close()
  })
  await migrate(database)
  return database
}
