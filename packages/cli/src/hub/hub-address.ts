/** hubAddress: the address of a hub, checked. */
import { KeyturnError } from 'keyturn'
import { usageError } from '../usage-error.ts'

/**
 * The address without a slash at its end: the name under which a login is kept.
 * @throws {KeyturnError} ERR_USAGE, and ERR_HUB_PLAIN_HTTP for http beyond this machine
 */
export function hubAddress(text: string, isInsecureAllowed: boolean): string {
  const url = parse(text)
  if (url.username !== '' || url.password !== '')
    throw usageError('no name and no password in the address of a hub: keyturn login asks for them')
  if (url.hash !== '' || url.search !== '')
    throw usageError(`${url.origin}${url.pathname} is enough: no ? and no # in the address of a hub`)
  if (url.protocol === 'http:' && !isLoopback(url.hostname) && !isInsecureAllowed)
    throw new KeyturnError(
      'ERR_HUB_PLAIN_HTTP',
      `${url.origin} is not https: tokens would leave this machine unencrypted`,
    )
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

/** A set-up link: the address, the one-time secret after the #, and whom it is for. */
export interface SetupLink {
  readonly url: string
  readonly secret: string
  /** Undefined for the first operator, who chooses. */
  readonly name: string | undefined
}

/** Undefined for any other text. */
export function setupLink(text: string): SetupLink | undefined {
  const match = /^(https?:\/\/[^#]+?)\/setup\/?#([\w~-]{8,512})(?:\.([\w.~-]{1,64}))?$/.exec(text)
  const [, url, secret, name] = match ?? []
  return url === undefined || secret === undefined ? undefined : { url, secret, name }
}

/** `--insecure-http`, or KEYTURN_INSECURE_HTTP=1. */
export const allowsInsecure = (flags: { readonly insecureHttp?: boolean }): boolean =>
  flags.insecureHttp === true || process.env['KEYTURN_INSECURE_HTTP'] === '1'

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.\d+){3}$/.test(host)

function parse(text: string): URL {
  try {
    const url = new URL(text)
    if (url.protocol === 'https:' || url.protocol === 'http:') return url
  } catch {
    // Refused below. The text is not repeated: it may hold a password.
  }
  throw usageError('the address of a hub is a URL such as https://keys.example.com')
}
