/** The settings of the service, read from the environment once. The secret is not among them: Keyturn reads it. */

import { existsSync } from 'node:fs'
import { isIP } from 'node:net'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** How the service was told to run. */
export interface Settings {
  /** @default '127.0.0.1' */
  readonly host: string
  /** 0 takes any free port. @default 3000 */
  readonly port: number
  /** @default './immonow.sqlite' */
  readonly databaseFile: string
  /** Life of an access token in seconds; a ring with a smaller `maxTokenLife` shortens it. @default 900 */
  readonly accessTokenSeconds: number
  /** `auto`: Secure unless the request came over plain http to a loopback name. @default 'auto' */
  readonly cookieSecure: boolean | 'auto'
  /** Addresses of proxies whose X-Forwarded-* headers count, comma-separated. @default none */
  readonly trustProxy: string | false
  /** Folder of the web front end to serve. @default none */
  readonly siteFolder: string | undefined
  /** @default 'info' */
  readonly logLevel: string
}

export const defaultSettings: Settings = {
  host: '127.0.0.1',
  port: 3000,
  databaseFile: './immonow.sqlite',
  accessTokenSeconds: 900,
  cookieSecure: 'auto',
  trustProxy: false,
  siteFolder: undefined,
  logLevel: 'info',
}

/** The web front end beside this package, once it is built. */
const builtSite = fileURLToPath(new URL('../../web/dist', import.meta.url))

const holdsSite = (folder: string): boolean => existsSync(join(folder, 'index.html'))

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']

/** Reads the settings; `problems` has one line for each variable that cannot be used. */
export function readSettings(env: NodeJS.ProcessEnv): { settings: Settings; problems: string[] } {
  const problems: string[] = []
  const value = (name: string): string | undefined => env[name]?.trim() || undefined

  const integer = (name: string, fallback: number, low: number, high: number): number => {
    const text = value(name)
    if (text === undefined) return fallback
    const number = /^\d{1,9}$/.test(text) ? Number(text) : NaN
    if (number >= low && number <= high) return number
    problems.push(`${name} must be a whole number from ${low} to ${high}`)
    return fallback
  }

  const choice = (name: string, fallback: string, choices: readonly string[]): string => {
    const text = value(name)?.toLowerCase() ?? fallback
    if (choices.includes(text)) return text
    problems.push(`${name} must be one of ${choices.join(', ')}`)
    return fallback
  }

  const siteFolder = (): string | undefined => {
    const text = value('SITE_FOLDER')
    if (text === undefined) return holdsSite(builtSite) ? builtSite : undefined
    if (text === 'none') return undefined
    if (!holdsSite(text)) problems.push('SITE_FOLDER must be a folder with an index.html, or none')
    return resolve(text)
  }

  const proxies = value('TRUST_PROXY')
  if (proxies !== undefined && !proxies.split(',').every(isProxy)) {
    problems.push(
      'TRUST_PROXY must be addresses or networks such as 10.0.0.0/8, or loopback, comma-separated',
    )
  }

  const secure = choice('COOKIE_SECURE', 'auto', ['auto', 'true', 'false'])
  const settings: Settings = {
    host: value('HOST') ?? defaultSettings.host,
    port: integer('PORT', defaultSettings.port, 0, 65_535),
    databaseFile: value('DATABASE_FILE') ?? defaultSettings.databaseFile,
    accessTokenSeconds: integer('ACCESS_TOKEN_SECONDS', defaultSettings.accessTokenSeconds, 1, 86_400),
    cookieSecure: secure === 'auto' ? 'auto' : secure === 'true',
    trustProxy: proxies ?? false,
    siteFolder: siteFolder(),
    logLevel: choice('LOG_LEVEL', defaultSettings.logLevel, logLevels),
  }
  return { settings, problems }
}

function isProxy(text: string): boolean {
  const [address = '', bits = '0', ...rest] = text.trim().split('/')
  if (rest.length === 0 && !text.includes('/') && /^(loopback|linklocal|uniquelocal)$/.test(address))
    return true
  return (
    rest.length === 0 &&
    /^\d{1,3}$/.test(bits) &&
    Number(bits) <= (isIP(address) === 6 ? 128 : 32) &&
    isIP(address) > 0
  )
}
