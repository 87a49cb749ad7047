/** hubAddress: where a hub is; refused where its answers would travel unencrypted. */
import { urlToHttpOptions } from 'node:url'
import { ConfigError } from '../../errors.ts'

export interface HubAddress {
  readonly isTls: boolean
  readonly hostname: string
  readonly port: number
  /** What stands before /v1, without a slash at its end. */
  readonly prefix: string
  /** host:port, for messages. */
  readonly place: string
  /** One spelling of the whole. */
  readonly href: string
}

/**
 * @param insecureHttp plain HTTP to another machine is wanted
 * @throws {ConfigError} ERR_CONFIG_SOURCE, ERR_HUB_PLAIN_HTTP
 */
export function hubAddress(text: string, insecureHttp: boolean): HubAddress {
  const url = parsed(text)
  const isTls = url.protocol === 'https:'
  if (!isTls && url.protocol !== 'http:') throw refused('begins with neither https:// nor http://')
  // Not repeated: a password stands in messages and logs for good.
  if (url.username !== '' || url.password !== '')
    throw refused('holds a name or a password; the token is KEYTURN_TOKEN')
  if (url.search !== '' || url.hash !== '') throw refused('holds a ? or a #')
  const { hostname } = urlToHttpOptions(url)
  const port = Number(url.port) || (isTls ? 443 : 80)
  const place = `${url.hostname}:${port}`
  if (!isTls && !insecureHttp && !isLoopback(url.hostname))
    throw new ConfigError(
      'ERR_HUB_PLAIN_HTTP',
      `the secrets of ${place} would travel unencrypted: make KEYTURN_URL begin with https://, or set KEYTURN_INSECURE_HTTP=1 if the network is trusted`,
    )
  return {
    isTls,
    hostname: hostname ?? '',
    port,
    prefix: url.pathname.replace(/\/+$/, ''),
    place,
    href: url.href.replace(/\/+$/, ''),
  }
}

function parsed(text: string): URL {
  try {
    return new URL(text)
  } catch {
    throw refused('is not a URL')
  }
}

const refused = (why: string): ConfigError =>
  new ConfigError(
    'ERR_CONFIG_SOURCE',
    `KEYTURN_URL ${why}: set it to the hub's address, as in https://hub.example`,
  )

const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
