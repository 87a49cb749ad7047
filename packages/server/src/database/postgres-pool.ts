/** postgresPool: connections that are thrown away as soon as one of them does not answer. */
import type { PostgresPool, PostgresPoolClient } from 'kysely'
import pg from 'pg'

const connectTimeout = 5_000
const queryTimeout = 10_000
const mostConnections = 10

/** What a replica left behind that is gone without a word: it must not hold a row, nor work on. Milliseconds. */
const onServer = `set idle_in_transaction_session_timeout = ${queryTimeout}; set statement_timeout = ${queryTimeout}`

type Parser = (text: string) => unknown

/** PostgreSQL's number of the type. */
const bigint = 20

/** Of an error that the server itself reported: the connection is sound. */
const sqlState = /^[0-9A-Z]{5}$/
/** The server ends the connection. */
const ending = /^(08|57P)/

export function postgresPool(url: string): PostgresPool {
  const pool = new pg.Pool({
    connectionString: url,
    max: mostConnections,
    connectionTimeoutMillis: connectTimeout,
    query_timeout: queryTimeout,
    keepAlive: true,
    application_name: 'keyturn',
    // Counts and times are far below 2^53.
    types: {
      getTypeParser: (oid, format): Parser =>
        oid === bigint ? Number : (pg.types.getTypeParser(oid, format) as Parser),
    },
  })
  // A connection that breaks while it is idle: the next query opens another.
  pool.on('error', () => undefined)
  pool.on('connect', client => void client.query(onServer).catch(() => undefined))
  return { connect: async () => checkedOut(await pool.connect()), end: () => pool.end() }
}

/** One that was silent once stays silent, half open, until the system notices: the pool must not hand it out again. */
function checkedOut(client: pg.PoolClient): PostgresPoolClient {
  let broken: { readonly reason: unknown } | undefined
  // Without a listener, a connection that breaks between two queries ends the process.
  const onError = (reason: unknown): void => void (broken ??= { reason })
  client.on('error', onError)
  const query = async (text: string, parameters: readonly unknown[]): Promise<unknown> => {
    // After a time-out the rollback would wait as long again.
    if (broken) throw broken.reason
    try {
      return await client.query(text, [...parameters])
    } catch (error) {
      if (!isAnswer(error)) broken ??= { reason: error }
      throw error
    }
  }
  return {
    query: query as PostgresPoolClient['query'],
    release: () => {
      client.off('error', onError)
      client.release(broken !== undefined)
    },
  }
}

function isAnswer(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' && sqlState.test(code) && !ending.test(code)
}
