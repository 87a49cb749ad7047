/** countRows: the users and listings in ImmoNow's database, and a fingerprint of all that stands in them. */
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

export interface TableRows {
  readonly users: number
  readonly listings: number
  /** Of every value of every row. */
  readonly fingerprint: string
}

interface Sqlite {
  prepare(sql: string): { all(): object[] }
  close(): void
}

/** The backend's own driver: SQLite in WAL mode must be read by one that knows it. */
const requireOfBackend = createRequire(fileURLToPath(import.meta.resolve('immonow-backend/package.json')))

/** @param file the database that the backends have open */
export function countRows(file: string): TableRows {
  const Database = requireOfBackend('libsql') as new (file: string) => Sqlite
  const database = new Database(file)
  try {
    const users = database.prepare('SELECT * FROM users ORDER BY id').all()
    const listings = database.prepare('SELECT * FROM listings ORDER BY id').all()
    const hash = createHash('sha256')
    for (const row of [...users, ...listings]) hash.update(JSON.stringify(row))
    return { users: users.length, listings: listings.length, fingerprint: hash.digest('hex') }
  } finally {
    database.close()
  }
}
