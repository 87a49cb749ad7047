/** serve: one replica of the hub, listening. */
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { KeyturnError, StoreError } from 'keyturn'
import type { FastifyInstance } from 'fastify'
import { setupPath } from './access/setup-links.ts'
import { createApp } from './http/app.ts'
import { Hub } from './hub.ts'
import { openStorage, type Storage, type StorageOptions } from './open-storage.ts'

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
  let hub: Hub | undefined
  try {
    const replica = new Hub(storage.database, storage.sealer, {
      info: (details, message) => app?.log.info(details, message),
      warn: (details, message) => app?.log.warn(details, message),
      error: (details, message) => app?.log.error(details, message),
    })
    hub = replica
    app = await createApp({
      hub: replica,
      logger: loggerOf(logLevel),
      trustProxy: options.env['KEYTURN_TRUST_PROXY'],
      ...(tls && { tls }),
    })
    await replica.start()
    await listen(app, host, port)
    const url = urlOf(app, tls !== undefined)
    const link = (await replica.links.isFirstStart())
      ? url + setupPath(await replica.links.create({ operator: null }), null)
      : undefined
    const running = app
    let closed: Promise<void> | undefined
    return {
      url,
      ...(link !== undefined && { setupLink: link }),
      hub: replica,
      close: () => (closed ??= close(running, replica, storage)),
    }
  } catch (error) {
    await app?.close().catch(() => undefined)
    await hub?.close().catch(() => undefined)
    await storage.close().catch(() => undefined)
    throw error
  }
}

/** Milliseconds that requests have to end. */
const patience = 5_000

async function close(app: FastifyInstance, hub: Hub, storage: Storage): Promise<void> {
  // Streams and followers end first: the server waits for every connection.
  await hub.stop()
  const cut = setTimeout(() => app.server.closeAllConnections(), patience)
  await app.close()
  clearTimeout(cut)
  await hub.close()
  await storage.close()
}

function loggerOf(level: string | false): object | false {
  if (level === false) return false
  return {
    level,
    // Standard output is for what serve says of itself.
    stream: process.stderr,
    // Whatever is logged of a request, it is never what it logged in with.
    redact: ['req.headers.authorization', 'req.headers.cookie', 'req.headers["x-keyturn-token"]'],
  }
}

function readTls({ tlsCert, tlsKey }: ServeOptions): { cert: Buffer; key: Buffer } | undefined {
  if (tlsCert === undefined && tlsKey === undefined) return undefined
  if (tlsCert === undefined || tlsKey === undefined)
    throw new KeyturnError('ERR_USAGE', 'a TLS certificate needs its key, and the key its certificate')
  const pair = { cert: readPem(tlsCert), key: readPem(tlsKey) }
  try {
    createSecureContext(pair)
    return pair
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown'
    throw new KeyturnError(
      'ERR_USAGE',
      `${tlsCert} and ${tlsKey} are no certificate and its key, both PEM (${code})`,
    )
  }
}

function readPem(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown'
    throw new StoreError('ERR_STORE_DENIED', `${path} cannot be read (${code})`)
  }
}

/** Connections that wait to be taken, as far as the system lets them: a whole fleet may come back at one moment. */
const backlog = 8_192

async function listen(app: FastifyInstance, host: string, port: number): Promise<void> {
  try {
    await app.listen({ host, port, backlog })
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
