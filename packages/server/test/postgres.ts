/** embeddedPostgres, debianPostgres: a real PostgreSQL on a free port of this machine, for the tests of one file. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, onTestFinished } from 'vitest'
import { debianBinaries, embeddedBinaries, type Binaries, type NoServer } from './postgres-binaries.ts'
import { childrenOf, endIfThere } from './server-processes.ts'

/** Settings of the server, as in `postgresql.conf`. */
export type Settings = Readonly<Record<string, string>>

/** Without syncing to the disk: a test ends processes, never the power. Loopback only, and no socket file. */
const always: Settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'off',
  max_connections: '300',
  shared_buffers: '32MB',
  min_wal_size: '2MB',
}

const superuser = 'postgres'
const mostStarts = 5
/** Milliseconds. */
const stopWithin = 10_000

/** A server with its data; it may be stopped and started again. */
export class PostgresServer {
  readonly port: number
  readonly #folder: string
  readonly #binaries: Binaries
  readonly #password: string
  #settings: Settings
  #process: ChildProcess | undefined

  constructor(place: {
    folder: string
    binaries: Binaries
    password: string
    port: number
    settings: Settings
  }) {
    this.port = place.port
    this.#folder = place.folder
    this.#binaries = place.binaries
    this.#password = place.password
    this.#settings = { ...always, ...place.settings }
  }

  /** Where everything is that it keeps. */
  get data(): string {
    return join(this.#folder, 'data')
  }

  /** The superuser's URL of a database. */
  url(database: string = superuser): string {
    return `postgres://${superuser}:${this.#password}@127.0.0.1:${this.port}/${database}`
  }

  /** Runs statements as the superuser, and returns the rows of the last one. */
  async query(statements: string, database?: string): Promise<readonly Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: this.url(database) })
    await client.connect()
    try {
      const results = [await client.query<Record<string, unknown>>(statements)].flat()
      return results.at(-1)?.rows ?? []
    } finally {
      await client.end()
    }
  }

  /** An empty database, gone when the test ends. Returns its name. */
  async createDatabase(): Promise<string> {
    const name = `keyturn_${randomBytes(6).toString('hex')}`
    await this.query(`create database ${name}`)
    onTestFinished(async () => void (await this.query(`drop database if exists ${name} with (force)`)))
    return name
  }

  /** A user who owns that database and may do nothing else. Returns the user's URL. */
  async createOwner(database: string): Promise<URL> {
    const [user, password] = [`owner_${randomBytes(4).toString('hex')}`, randomBytes(12).toString('hex')]
    await this.query(
      `create role ${user} login password '${password}'; alter database ${database} owner to ${user}`,
    )
    onTestFinished(async () => {
      await this.query(`drop database if exists ${database} with (force)`)
      await this.query(`drop role if exists ${user}`)
    })
    const url = new URL(this.url(database))
    url.username = user
    url.password = password
    return url
  }

  /** @param settings beside those it was made with */
  async start(settings: Settings = {}): Promise<void> {
    this.#settings = { ...this.#settings, ...settings }
    const { bin, user } = this.#binaries
    const flags = Object.entries(this.#settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const args = ['-D', this.data, '-p', String(this.port), ...flags]
    const started = spawn(join(bin, 'postgres'), args, {
      ...user,
      cwd: this.#folder,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: process.env['PATH'], LC_ALL: 'C' },
    })
    this.#process = started
    let log = ''
    await new Promise<void>((resolve, reject) => {
      started.stderr.on('data', (chunk: Buffer) => {
        if (log.length < 100_000) log += chunk.toString()
        if (log.includes('ready to accept connections')) resolve()
      })
      started.on('error', reject)
      started.on('close', () => reject(new Error(`PostgreSQL does not start: ${log}`)))
    })
  }

  /** `fast` ends connections and writes everything down; `kill` is the end of all its processes, wherever they are. */
  async stop(how: 'fast' | 'kill' = 'fast'): Promise<void> {
    const running = this.#process
    this.#process = undefined
    if (!running || running.exitCode !== null || running.signalCode !== null) return
    const ended = once(running, 'exit')
    // A backend would answer for a while without its server.
    const backends = how === 'kill' ? childrenOf(running.pid ?? 0) : []
    running.kill(how === 'fast' ? 'SIGINT' : 'SIGKILL')
    await Promise.race([ended, pause(stopWithin, undefined, { ref: false })])
    if (running.exitCode === null && running.signalCode === null) running.kill('SIGKILL')
    await ended
    for (const pid of backends) endIfThere(pid)
  }
}

/** PostgreSQL 18 from npm. Ends with the tests of the file. */
export const embeddedPostgres = (settings: Settings = {}): Promise<PostgresServer | NoServer> =>
  serverOf('embedded PostgreSQL', embeddedBinaries, settings)

/** PostgreSQL 15, where Debian's package is installed. Ends with the tests of the file. */
export const debianPostgres = (settings: Settings = {}): Promise<PostgresServer | NoServer> =>
  serverOf("Debian's PostgreSQL 15", debianBinaries, settings)

async function serverOf(
  name: string,
  find: (folder: string) => Binaries | NoServer,
  settings: Settings,
): Promise<PostgresServer | NoServer> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'keyturn-postgres-')))
  chmodSync(folder, 0o755)
  const binaries = find(folder)
  if ('cannot' in binaries) {
    rmSync(folder, { recursive: true })
    console.warn(`SKIPPED tests on ${name}: ${binaries.cannot}`)
    return binaries
  }
  const { uid, gid } = binaries.user
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid)
  const keeper = keep(folder, binaries)
  const password = randomBytes(12).toString('hex')
  makeCluster(folder, binaries, password)
  for (let starts = 1; ; starts += 1) {
    const server = new PostgresServer({ folder, binaries, password, port: await freePort(), settings })
    try {
      await server.start()
    } catch (error) {
      // Somebody else took the port in between.
      if (starts < mostStarts && String(error).includes('Address already in use')) continue
      keeper.stdin?.end()
      throw error
    }
    afterAll(async () => {
      await server.stop()
      const gone = once(keeper, 'exit')
      keeper.stdin?.end()
      await gone
    })
    return server
  }
}

function makeCluster(folder: string, { bin, user }: Binaries, password: string): void {
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (user.uid !== undefined && user.gid !== undefined) chownSync(passwordFile, user.uid, user.gid)
  const flags = [
    '--auth=scram-sha-256',
    `--username=${superuser}`,
    `--pwfile=${passwordFile}`,
    '--no-sync',
    '--wal-segsize=1',
  ]
  const args = [`--pgdata=${join(folder, 'data')}`, '--encoding=UTF8', '--locale=C', ...flags]
  const { status, stderr } = spawnSync(join(bin, 'initdb'), args, { ...user, cwd: folder, encoding: 'utf8' })
  rmSync(passwordFile)
  if (status !== 0) throw new Error(`initdb failed: ${stderr}`)
}

/**
 * Ends the server and removes its folder as soon as this process is gone, however it ends. The pid is the one that the
 * server recorded, and only a process that works on this very folder is ended.
 */
const keeperScript = `
  trap '' HUP INT TERM
  cat >/dev/null
  pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null)
  ours() { [ -n "$pid" ] && ps -ww -o args= -p "$pid" 2>/dev/null | grep -qF -- "$1/data"; }
  if ours "$1"; then kill -QUIT "$pid"; fi
  for turn in 1 2 3 4 5 6 7 8 9 10; do if ours "$1"; then sleep 0.5; fi; done
  if ours "$1"; then kill -KILL "$pid"; sleep 1; fi
  rm -rf "$1"
`

function keep(folder: string, { user }: Binaries): ChildProcess {
  const keeper = spawn('sh', ['-c', keeperScript, 'keyturn-test-postgres', folder], {
    ...user,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
    // Whoever ends the whole group of a test run must not end what tidies up after it.
    detached: true,
  })
  keeper.unref()
  return keeper
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}
