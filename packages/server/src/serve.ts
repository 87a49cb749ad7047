/** serve: one replica of the hub, listening. */
import { readFileSync } from 'node:fs'
import { KeyturnError, StoreError } from 'keyturn'
import type { FastifyInstance } from 'fastify'
import { setupPath } from './access/setup-links.ts'
import { createApp } from './http/app.ts'
import { Hub } from './hub.ts'
import { openStorage, type StorageOptions } from './open-storage.ts'

export interface ServeOptions extends StorageOptions {
  /** @default '127.0.0.1' */
  readonly host?: string
  /** 0: a free one. @default 8180 */
  readonly port?: number
  /** Paths of PEM files. */
  readonly tlsCert?: string
  readonly tlsKey?: string
  /** Serve plain HTTP off loopback: the network is trusted, or a proxy in front speaks TLS. */
  readonly insecureHttp?: boolean
  /** pino's level, or false for no log. @default 'info' */
  readonly logLevel?: string | false
}

export interface RunningHub {
  /** Without a path: `http://127.0.0.1:8180`. */
  readonly url: string
  /** While nobody can log in: the link for the first admin, good for 15 minutes, once. */
  readonly setupLink?: string
  readonly hub: Hub
  close(): Promise<void>
}

const defaultPort = 8180

/**
 * Starts a replica.
 * @throws {KeyturnError} ERR_HUB_PLAIN_HTTP, ERR_HUB_ADDRESS, ERR_HUB_IN_USE, ERR_HUB_MASTER_KEY…, ERR_HUB_DATABASE
 */
export async function serve(options: ServeOptions): Promise<RunningHub> {
  const { host = '127.0.0.1', port = defaultPort, insecureHttp = false, logLevel = 'info' } = options
  const tls = readTls(options)
  if (!tls && !insecureHttp && !isLoopback(host))
    throw new KeyturnError(
      'ERR_HUB_PLAIN_HTTP',
      `${host} is not a loopback address and there is no TLS certificate`,
    )
  const storage = await openStorage(options)
  let app: FastifyInstance | undefined
  try {
    let log: FastifyInstance['log'] | undefined
    const hub = new Hub(storage.database, storage.sealer, {
      info: (details, message) => log?.info(details, message),
      warn: (details, message) => log?.warn(details, message),
      error: (details, message) => log?.error(details, message),
    })
    app = await createApp({ hub, logger: loggerOf(logLevel), ...(tls && { tls }) })
    log = app.log
    await hub.start()
    await listen(app, host, port)
    const url = urlOf(app, tls !== undefined)
    const link = (await hub.links.isFirstStart())
      ? url + setupPath(await hub.links.create({ operator: null }), null)
      : undefined
    const running = app
    return {
      url,
      ...(link !== undefined && { setupLink: link }),
      hub,
      close: async () => {
        // Streams end first: the server waits for every connection.
        hub.streams.close()
        await running.close()
        await hub.close()
        await storage.close()
      },
    }
  } catch (error) {
    await app?.close().catch(() => undefined)
    await storage.close().catch(() => undefined)
    throw error
  }
}

function loggerOf(level: string | false): object | false {
  if (level === false) return false
  return {
    level,
    // Whatever is logged of a request, it is never what it logged in with.
    redact: ['req.headers.authorization', 'req.headers.cookie', 'req.headers["x-keyturn-token"]'],
  }
}

function readTls({ tlsCert, tlsKey }: ServeOptions): { cert: Buffer; key: Buffer } | undefined {
  if (tlsCert === undefined && tlsKey === undefined) return undefined
  if (tlsCert === undefined || tlsKey === undefined)
    throw new KeyturnError('ERR_USAGE', 'a TLS certificate needs its key, and the key its certificate')
  return { cert: readPem(tlsCert), key: readPem(tlsKey) }
}

function readPem(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown'
    throw new StoreError('ERR_STORE_DENIED', `${path} cannot be read (${code})`)
  }
}

async function listen(app: FastifyInstance, host: string, port: number): Promise<void> {
  try {
    await app.listen({ host, port })
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown'
    throw new KeyturnError('ERR_HUB_ADDRESS', `${host}:${port} cannot be listened on (${code})`)
  }
}

function urlOf(app: FastifyInstance, isTls: boolean): string {
  const address = app.server.address()
  if (address === null || typeof address === 'string') throw new KeyturnError('ERR_HUB_ADDRESS')
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return `${isTls ? 'https' : 'http'}://${host}:${address.port}`
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
