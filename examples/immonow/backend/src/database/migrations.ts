/** The schema, as steps that are applied once each, however many processes start at the same time. */
import { seedListings } from '../listings/seed-listings.ts'
import type { Connection, Database } from './database.ts'

type Step = (connection: Connection) => void

const sql =
  (...statements: string[]): Step =>
  connection => {
    for (const statement of statements) connection.run(statement)
  }

/** Times are epoch milliseconds. Never change a step that was released: add one. */
const steps: readonly Step[] = [
  sql(
    `CREATE TABLE users (
      id TEXT PRIMARY KEY,
      email TEXT NOT NULL UNIQUE,
      name TEXT NOT NULL,
      role TEXT NOT NULL CHECK (role IN ('member', 'agency')),
      password_hash TEXT,
      created_at INTEGER NOT NULL
    ) STRICT`,
    `CREATE TABLE sessions (
      id TEXT PRIMARY KEY,
      user_id TEXT NOT NULL REFERENCES users (id),
      login_generation INTEGER NOT NULL,
      login_kid TEXT NOT NULL,
      current_hash TEXT NOT NULL,
      previous_hash TEXT,
      successor_salt TEXT,
      rotated_at INTEGER,
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      idle_until INTEGER NOT NULL,
      ended_at INTEGER,
      ended_by TEXT
    ) STRICT`,
    'CREATE TABLE login_failures (subject TEXT NOT NULL, at INTEGER NOT NULL) STRICT',
    'CREATE INDEX login_failures_by_subject ON login_failures (subject, at)',
    'CREATE INDEX login_failures_by_time ON login_failures (at)',
    `CREATE TABLE listings (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      owner_id TEXT NOT NULL REFERENCES users (id),
      offer TEXT NOT NULL CHECK (offer IN ('rent', 'sale')),
      kind TEXT NOT NULL CHECK (kind IN ('apartment', 'house')),
      title TEXT NOT NULL,
      description TEXT NOT NULL,
      city TEXT NOT NULL,
      city_key TEXT NOT NULL,
      district TEXT NOT NULL,
      postal_code TEXT NOT NULL,
      price INTEGER NOT NULL,
      rooms REAL NOT NULL,
      area INTEGER NOT NULL,
      year_built INTEGER,
      energy_class TEXT,
      available_from TEXT,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL
    ) STRICT`,
    'CREATE INDEX listings_by_time ON listings (created_at DESC, id DESC)',
    'CREATE INDEX listings_by_city ON listings (city_key, created_at DESC, id DESC)',
  ),
  seedListings,
  sql(
    'CREATE TABLE sign_out_reports (subject TEXT NOT NULL, at INTEGER NOT NULL) STRICT',
    'CREATE INDEX sign_out_reports_by_subject ON sign_out_reports (subject, at)',
    'CREATE INDEX sign_out_reports_by_time ON sign_out_reports (at)',
    'CREATE INDEX listings_by_owner ON listings (owner_id, created_at DESC, id DESC)',
  ),
]

/** Brings the file to the newest schema. The first process does the work, the others wait and find it done. */
export async function migrate(database: Database): Promise<void> {
  if (version(database) === steps.length) return
  await database.write(connection => {
    const done = version(connection)
    if (done > steps.length)
      throw new Error(`the database has schema ${done}, this program knows ${steps.length}`)
    for (const step of steps.slice(done)) step(connection)
    connection.run(`PRAGMA user_version = ${steps.length}`)
  })
}

const version = (connection: Connection): number =>
  connection.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0
