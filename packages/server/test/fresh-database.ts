/** inSqlite, onPostgres: empty databases for one test, of every kind. */
import { onTestFinished } from 'vitest'
import { temporaryFolder } from '../../keyturn/test/temporary-folder.ts'
import { openDatabase, type Database, type DatabaseOptions } from '../src/database/open-database.ts'
import type { NoServer } from './postgres-binaries.ts'
import type { PostgresServer } from './postgres.ts'

export interface DatabaseKind {
  /** For titles; with the reason where there is none. */
  readonly name: string
  readonly isMissing: boolean
  /** How an empty one is opened. */
  options(): Promise<DatabaseOptions>
  /** What so many replicas have: each its own connections; in SQLite, where one process works, all share one. */
  replicas(count: number): Promise<readonly Database[]>
}

export const inSqlite: DatabaseKind = {
  name: 'SQLite',
  isMissing: false,
  options: async () => ({ data: temporaryFolder() }),
  replicas: async count => {
    const database = await opened({ data: temporaryFolder() })
    return Array.from({ length: count }, () => database)
  },
}

export function onPostgres(server: PostgresServer | NoServer): DatabaseKind {
  if ('cannot' in server) {
    const never = () => Promise.reject(new Error(server.cannot))
    return { name: `PostgreSQL: ${server.cannot}`, isMissing: true, options: never, replicas: never }
  }
  const options = async (): Promise<DatabaseOptions> => ({
    data: temporaryFolder(),
    url: server.url(await server.createDatabase()),
  })
  return {
    name: 'PostgreSQL',
    isMissing: false,
    options,
    replicas: async count => {
      const place = await options()
      return Promise.all(Array.from({ length: count }, () => opened(place)))
    },
  }
}

/** Closed when the test ends. */
export async function opened(options: DatabaseOptions): Promise<Database> {
  const database = await openDatabase(options)
  onTestFinished(() => database.close().catch(() => undefined))
  return database
}
