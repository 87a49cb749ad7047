/** The logins of this user: one token per hub, in a file that nobody else can read. */
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { StoreError } from 'keyturn'

/** One login. */
export interface Login {
  readonly token: string
  /** Id of the token at the hub. */
  readonly id: string
  /** Operator or program. */
  readonly name: string
  /** ISO 8601; null for one that does not end by itself. */
  readonly expiresAt: string | null
}

export interface Credentials {
  /** Address of the newest login. */
  readonly current: string | null
  /** By address of the hub. */
  readonly hubs: Readonly<Record<string, Login>>
}

/** `${XDG_CONFIG_HOME:-~/.config}/keyturn/credentials.json` */
export function credentialsPath(): string {
  const base = process.env['XDG_CONFIG_HOME']
  const folder = base !== undefined && isAbsolute(base) ? base : join(homedir(), '.config')
  return join(folder, 'keyturn', 'credentials.json')
}

const none: Credentials = { current: null, hubs: {} }

/** @throws {StoreError} ERR_STORE_MODE when others can read it, ERR_STORE_DENIED, ERR_STORE_INVALID */
export function readCredentials(): Credentials {
  const path = credentialsPath()
  const text = readPrivate(path)
  if (text === undefined) return none
  try {
    const value = JSON.parse(text) as Partial<Credentials>
    const { hubs, current } = value
    if (typeof hubs === 'object' && hubs !== null && Object.values(hubs).every(isLogin))
      return { hubs, current: typeof current === 'string' && current in hubs ? current : null }
  } catch {
    // The parser's message can quote the text.
  }
  throw new StoreError('ERR_STORE_INVALID', `${path} is not a file of logins: remove it, then keyturn login`)
}

const isLogin = ({ token, id, name }: Login): boolean =>
  [token, id, name].every(each => typeof each === 'string')

/** Undefined when there is no such file. */
function readPrivate(path: string): string | undefined {
  try {
    const file = openSync(path, 'r')
    try {
      const { mode } = fstatSync(file)
      if ((mode & 0o077) !== 0)
        throw new StoreError(
          'ERR_STORE_MODE',
          `others can read ${path}, which holds tokens: chmod 600 ${path}`,
        )
      return readFileSync(file, 'utf8')
    } finally {
      closeSync(file)
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    if (error instanceof StoreError) throw error
    throw new StoreError('ERR_STORE_DENIED', `${path} cannot be read: ${code}`)
  }
}

/** Keeps a login; the newest is the one that commands take by themselves. */
export function keepLogin(url: string, login: Login): void {
  const { hubs } = readCredentials()
  write({ current: url, hubs: { ...hubs, [url]: login } })
}

export function forgetLogin(url: string): void {
  const { hubs, current } = readCredentials()
  const rest = Object.fromEntries(Object.entries(hubs).filter(([name]) => name !== url))
  write({ current: current === url ? (Object.keys(rest).at(-1) ?? null) : current, hubs: rest })
}

function write(credentials: Credentials): void {
  const path = credentialsPath()
  const fresh = `${path}.${randomBytes(6).toString('hex')}`
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const file = openSync(fresh, 'wx', 0o600)
    try {
      writeFileSync(file, `${JSON.stringify({ v: 1, ...credentials }, null, 2)}\n`)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(fresh, path)
  } catch (error) {
    rmSync(fresh, { force: true })
    throw new StoreError(
      'ERR_STORE_DENIED',
      `${path} cannot be written: ${(error as NodeJS.ErrnoException).code}`,
    )
  }
}
