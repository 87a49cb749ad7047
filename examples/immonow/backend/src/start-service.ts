/** Opens the database and listens. */
import type { Keyring } from 'keyturn'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { buildApp } from './app.ts'
import { scheduleCleanUp } from './database/cleanup.ts'
import { openDatabase } from './database/database.ts'
import { migrate } from './database/migrations.ts'
import type { LogEvent } from './log-line.ts'
import type { Settings } from './settings.ts'

/** Milliseconds that requests under way get when the service stops. */
const stopPatience = 8_000

export interface ServiceOptions {
  readonly keyring: Keyring
  readonly settings: Settings
  readonly log: (event: LogEvent) => void
}

/** A service that listens. Closing it finishes the requests under way; the keyring stays open. */
export interface Service {
  readonly url: string
  readonly host: string
  readonly port: number
  close(): Promise<void>
}

export async function startService({ keyring, settings, log }: ServiceOptions): Promise<Service> {
  const database = await openDatabase(settings.databaseFile)
  try {
    await migrate(database)
    const app = await buildApp({ keyring, database, settings })
    const closeUnused = connectionCloser(app.server)
    const url = await app.listen({ host: settings.host, port: settings.port })
    const stopCleanUp = scheduleCleanUp(database, error =>
      log({
        level: 'warn',
        event: 'clean-up-failed',
        message: error instanceof Error ? error.message : undefined,
      }),
    )
    return {
      url,
      host: settings.host,
      port: (app.server.address() as AddressInfo).port,
      async close() {
        stopCleanUp()
        const stopClosing = closeUnused()
        await app.close()
        stopClosing()
        database.close()
      },
    }
  } catch (error) {
    database.close()
    throw error
  }
}

/**
 * Browsers open connections in advance, and one that never sends a request would hold up the end. The function
 * returned closes all connections as soon as no request is under way, and at the latest after eight seconds.
 */
function connectionCloser(server: Server): () => () => void {
  let underWay = 0
  server.on('request', (_request: IncomingMessage, response: ServerResponse) => {
    underWay++
    response.once('close', () => underWay--)
  })
  return () => {
    const start = performance.now()
    const timer = setInterval(() => {
      if (underWay === 0 || performance.now() - start > stopPatience) server.closeAllConnections()
    }, 100)
    return () => clearInterval(timer)
  }
}
