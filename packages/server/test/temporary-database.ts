/** temporaryDatabase: an empty database for one test, of each kind that is there. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { onTestFinished } from 'vitest'
import { openDatabase, type Database } from '../src/database/open-database.ts'

const server = process.env['KEYTURN_TEST_DATABASE_URL']

/** PostgreSQL when KEYTURN_TEST_DATABASE_URL names a server on which databases may be created. */
export const databaseKinds: readonly Database['kind'][] =
  server === undefined ? ['sqlite'] : ['sqlite', 'postgres']

/** Gone when the test ends. */
export async function temporaryDatabase(kind: Database['kind']): Promise<Database> {
  const [database] = await temporaryReplicas(kind, 1)
  if (!database) throw new Error('no database')
  return database
}

/**
 * What several replicas over one empty database have: each its own connections to PostgreSQL; SQLite is for one process,
 * in which all share the one connection. Gone when the test ends.
 */
export async function temporaryReplicas(kind: Database['kind'], count: number): Promise<readonly Database[]> {
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-access-'))
  const options = kind === 'sqlite' ? { data: folder } : { data: folder, url: await freshUrl() }
  const replicas: Database[] = []
  onTestFinished(async () => {
    for (const replica of replicas) await replica.close()
    rmSync(folder, { recursive: true })
  })
  const own = kind === 'sqlite' ? 1 : count
  for (let number = 0; number < own; number += 1) replicas.push(await openDatabase(options))
  return Array.from({ length: count }, (_, number) => replicas[number % own] as Database)
}

async function freshUrl(): Promise<string> {
  const name = `keyturn_${randomBytes(6).toString('hex')}`
  await onServer(`create database ${name}`)
  onTestFinished(() => onServer(`drop database ${name} with (force)`))
  const url = new URL(server ?? '')
  url.pathname = `/${name}`
  return url.href
}

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
