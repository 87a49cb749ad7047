/** A ring in PostgreSQL keeps the contract. Each handle is a replica with connections of its own. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, onTestFinished } from 'vitest'
import { killWriter } from '../../../keyturn/test/contract/kill-writer.ts'
import { storeContract } from '../../../keyturn/test/contract/store-contract.ts'
import type { NewPlace } from '../../../keyturn/test/contract/store-place.ts'
import { temporaryFolder } from '../../../keyturn/test/temporary-folder.ts'
import { openDatabase, type Database } from '../../src/database/open-database.ts'
import { debianPostgres, embeddedPostgres, type PostgresServer } from '../postgres.ts'
import { TcpProxy } from '../tcp-proxy.ts'
import { handleOn, masterKey } from './sql-handle.ts'
import { backUpRow, backUpRows, expectFindable } from './sql-rows.ts'

const servers = [
  ['the store in PostgreSQL 18', await embeddedPostgres()],
  ["the store in Debian's PostgreSQL 15", await debianPostgres()],
] as const

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
          const rows = await server.query(
            'select query_to_xml($$select * from rings$$, true, false, $$$$)::text || query_to_xml($$select * from audit$$, true, false, $$$$)::text || query_to_xml($$select * from leases$$, true, false, $$$$)::text as rows',
            name,
          )
          return Buffer.concat([
            expectFindable(bytesIn(server.data), ring),
            expectFindable(Buffer.from(String(rows[0]?.['rows'])), ring),
          ])
        },
      },
    }
  }

/** Tables and the log that they are written to first. */
const bytesIn = (folder: string): Buffer =>
  Buffer.concat(
    ['base', 'pg_wal'].flatMap(part =>
      readdirSync(join(folder, part), { recursive: true, withFileTypes: true })
        .filter(entry => entry.isFile())
        .map(entry => readFileSync(join(entry.parentPath, entry.name))),
    ),
  )

for (const [name, server] of servers)
  if ('cannot' in server) describe.skip(name, () => void it(server.cannot))
  else storeContract(name, placesOn(server))
