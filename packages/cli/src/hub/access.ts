/** accessFor: the token that this command shows to a hub, and where it comes from. */
import { readFileSync } from 'node:fs'
import { StoreError } from 'keyturn'
import { readCredentials, type Login } from './credentials.ts'
import { HubClient } from './hub-client.ts'

export interface Access {
  readonly token: string
  /** `KEYTURN_TOKEN`, `KEYTURN_TOKEN_FILE`, or `login`. */
  readonly from: string
  /** Of the credentials file. */
  readonly login?: Login
}

/**
 * KEYTURN_TOKEN, KEYTURN_TOKEN_FILE, or the login at that hub. A token that belongs to KEYTURN_URL is shown to no
 * other hub.
 * @throws {StoreError} ERR_STORE_DENIED, ERR_STORE_MISSING, ERR_STORE_MODE
 */
export function accessFor(url: string): Access | undefined {
  if (isForThisHub(url)) {
    const token = process.env['KEYTURN_TOKEN']?.trim()
    if (token) return { token, from: 'KEYTURN_TOKEN' }
    const path = process.env['KEYTURN_TOKEN_FILE']
    if (path) return { token: tokenIn(path), from: 'KEYTURN_TOKEN_FILE' }
  }
  const login = readCredentials().hubs[url]
  return login && { token: login.token, from: 'login', login }
}

function isForThisHub(url: string): boolean {
  const own = process.env['KEYTURN_URL']
  return !own || (URL.canParse(own) && new URL(own).origin === new URL(url).origin)
}

function tokenIn(path: string): string {
  try {
    const text = readFileSync(path, 'utf8').trim()
    if (text !== '') return text
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new StoreError(
      code === 'ENOENT' ? 'ERR_STORE_MISSING' : 'ERR_STORE_DENIED',
      `KEYTURN_TOKEN_FILE: ${path} cannot be read: ${code}`,
    )
  }
  throw new StoreError('ERR_STORE_MISSING', `KEYTURN_TOKEN_FILE: ${path} is empty`)
}

/** The hub as this user. */
export function clientFor(url: string): HubClient {
  const access = accessFor(url)
  return new HubClient({ url, ...(access && { token: access.token }) })
}
