/** chooseSource: where an application's ring comes from. */
import { ConfigError } from '../errors.ts'
import type { LiveSource } from '../ports/live-source.ts'
import { envFile, type EnvFile } from '../stores/env-file.ts'
import { environment, originOf, type FixedSource } from '../stores/env.ts'
import { hub } from '../stores/hub.ts'
import type { HandSet } from '../stores/ring-variables.ts'

export type RingSource = EnvFile | FixedSource | LiveSource

type Env = Readonly<Record<string, string | undefined>>

/**
 * `KEYTURN_URL`: a hub, live; otherwise `KEYTURN_ENV_FILE`: a `.env` file, live; otherwise the environment, fixed at
 * start.
 * @throws {ConfigError} ERR_CONFIG_SOURCE, ERR_HUB_PLAIN_HTTP
 */
export function chooseSource(options: HandSet & { readonly variable?: string }, env: Env): RingSource {
  const url = env['KEYTURN_URL']
  if (url) return hubIn(url, env)
  const file = env['KEYTURN_ENV_FILE']
  return file ? envFile(file, options) : environment({ ...options, env })
}

function hubIn(url: string, env: Env): LiveSource {
  const ring = env['KEYTURN_RING']
  if (!ring) throw incomplete('KEYTURN_RING is not: name the ring, as in immonow/production')
  const origin = originOf('KEYTURN_TOKEN', env)
  if (!origin)
    throw incomplete('KEYTURN_TOKEN is not: set it, or KEYTURN_TOKEN_FILE, to an access token of the hub')
  const snapshot = env['KEYTURN_SNAPSHOT']
  return hub({
    url,
    ring,
    ...(origin.path === undefined ? { token: env['KEYTURN_TOKEN'] ?? '' } : { tokenFile: origin.path }),
    ...(snapshot && { snapshot }),
    insecureHttp: env['KEYTURN_INSECURE_HTTP'] === '1',
  })
}

/** Never another source instead: an application on the hub must not sign with a secret left in its environment. */
const incomplete = (what: string): ConfigError =>
  new ConfigError('ERR_CONFIG_SOURCE', `KEYTURN_URL is set, but ${what}`)
