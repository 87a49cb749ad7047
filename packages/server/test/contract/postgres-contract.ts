/** contractOn: the store contract on a PostgreSQL. Each handle is a replica with connections of its own. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, onTestFinished } from 'vitest'
import { killWriter } from '../../../keyturn/test/contract/kill-writer.ts'
import { storeContract } from '../../../keyturn/test/contract/store-contract.ts'
import type { NewPlace } from '../../../keyturn/test/contract/store-place.ts'
import { temporaryFolder } from '../../../keyturn/test/temporary-folder.ts'
import { openDatabase, type Database } from '../../src/database/open-database.ts'
import type { NoServer } from '../postgres-binaries.ts'
import type { PostgresServer } from '../postgres.ts'
import { TcpProxy } from '../tcp-proxy.ts'
import { handleOn, masterKey } from './sql-handle.ts'
import { backUpRow, backUpRows, expectFindable } from './sql-rows.ts'

const placesOn =
  (server: PostgresServer): NewPlace =>
  async ring => {
    const name = await server.createDatabase()
    const url = await server.createOwner(name)
    const proxy = await TcpProxy.to(server.port)
    url.port = String(proxy.port)
    const opened: { database: Database; end: () => void }[] = []
    const openOn = async (address: string): Promise<Database> => {
      const database = await openDatabase({ data: temporaryFolder(), url: address })
      onTestFinished(() => database.close().catch(() => undefined))
      return database
    }
    const behind = (): Promise<Database> => openOn(server.url(name))
    const endAll = (): void => {
      for (const { end } of opened.splice(0)) end()
    }
    onTestFinished(endAll)

    return {
      open: async () => {
        const database = await openOn(url.href)
        const handle = handleOn(database, ring)
        opened.push({ database, end: handle.end })
        return handle
      },
      deny: async () => {
        const { username } = url
        const tables = 'all tables in schema public'
        await server.query(`revoke all on ${tables} from ${username}`, name)
        return async () => void (await server.query(`grant all on ${tables} to ${username}`, name))
      },
      cutOff: async () => {
        await proxy.cut()
        return () => proxy.restore()
      },
      backUpRing: async () => backUpRow(await behind(), ring),
      backUpAll: async () => {
        const putBack = await backUpRows(await behind())
        return async () => {
          endAll()
          await putBack()
        }
      },
      killWriter: killWriter({
        module: new URL('./crash-sql.js', import.meta.url).href,
        function: 'openSql',
        arguments: [ring, temporaryFolder()],
        environment: { KEYTURN_MASTER_KEY: masterKey, DATABASE_URL: url.href },
        failpoints: ['sql.before-audit', 'sql.before-commit', 'sql.after-commit'],
      }),
      atRest: {
        isSealed: true,
        bytes: async () => {
          await server.query('checkpoint')
          // A long value may lie there compressed: it is searched as it is read, too.
          const [row] = await server.query(
            `select oid, ${['rings', 'audit', 'leases'].map(asText).join(' || ')} as rows from pg_database where datname = current_database()`,
            name,
          )
          const folders = [join('base', String(row?.['oid'])), 'pg_wal'].map(part => join(server.data, part))
          return Buffer.concat([
            expectFindable(bytesIn(folders), ring),
            expectFindable(Buffer.from(String(row?.['rows'])), ring),
          ])
        },
      },
    }
  }

const asText = (table: string): string => `query_to_xml('select * from ${table}', true, false, '')::text`

/** Tables and the log that they are written to first. */
const bytesIn = (folders: readonly string[]): Buffer =>
  Buffer.concat(
    folders.flatMap(folder =>
      readdirSync(folder, { withFileTypes: true })
        .filter(entry => entry.isFile())
        .map(entry => readFileSync(join(folder, entry.name))),
    ),
  )

/** @param name of the server */
export function contractOn(name: string, server: PostgresServer | NoServer): void {
  if ('cannot' in server) describe.skip(`the store in ${name}`, () => void it(server.cannot))
  else storeContract(`the store in ${name}`, placesOn(server))
}
