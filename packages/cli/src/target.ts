/** chooseTarget: which ring a command works on: in a .env file, or at a hub. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { ConfigError } from 'keyturn'
import { checkLimits, type Limits } from 'keyturn/ring'
import { envFile, type EnvFile } from 'keyturn/stores/env-file'
import { configName, isRingName, loadConfiguration, type Configuration, type Environment } from './config.ts'
import { readCredentials } from './hub/credentials.ts'
import { allowsInsecure, hubAddress } from './hub/hub-address.ts'
import type { GlobalFlags } from './output.ts'
import { usageError } from './usage-error.ts'

/** How a ring is configured. */
interface Configured {
  /** Name of the environment in the configuration, where it has one. */
  readonly environment?: string
  readonly limits: Limits
  readonly settings?: Environment
  readonly configuration?: Configuration
}

export interface FileTarget extends Configured {
  readonly kind: 'file'
  readonly file: EnvFile
  /** Name for a ring that has none yet. */
  readonly ring: string
}

export interface HubTarget extends Configured {
  readonly kind: 'hub'
  readonly url: string
  /** Undefined: the only one of the hub. */
  readonly ring: string | undefined
  /** Nobody named it: it is where this user logged in last. */
  readonly isLogin: boolean
}

export type Target = FileTarget | HubTarget

export const defaultRing = 'default/default'

/**
 * In this order: `--hub`, `--file`, `-e`, KEYTURN_URL, KEYTURN_ENV_FILE, `./.env` if it is there, the hub of the
 * newest login, `./.env`.
 * @param options.login false: a login alone chooses no hub, for commands about this machine
 * @throws {ConfigError} ERR_CONFIG_ENVIRONMENT; {KeyturnError} ERR_USAGE, ERR_HUB_PLAIN_HTTP
 */
export function chooseTarget(flags: GlobalFlags, options: { readonly login?: boolean } = {}): Target {
  const configuration = loadConfiguration(flags.config)
  refuseContradiction(flags)
  const settings = settingsOf(flags, configuration)
  if (flags.hub !== undefined) return hubTarget(flags, flags.hub, { configuration, settings })
  if (settings) return targetOf(settings, configuration, flags)
  const url = process.env['KEYTURN_URL']
  if (flags.file === undefined && url) return hubTarget(flags, url, { configuration })
  const named = flags.file ?? process.env['KEYTURN_ENV_FILE']
  const path = resolve(named ?? '.env')
  if (named === undefined && options.login !== false && !existsSync(path)) {
    const { current } = readCredentials()
    if (current !== null) return { ...hubTarget(flags, current, { configuration }), isLogin: true }
  }
  const known = configuration?.environments.find(
    ({ store }) => store.type === 'env-file' && store.path === path,
  )
  return known ? targetOf(known, configuration, flags) : plainFile(path, flags, configuration)
}

/** The ring of a file, also where the configuration cannot be read. */
export function plainFile(path: string, flags: GlobalFlags, configuration?: Configuration): FileTarget {
  const ring = ringFlag(flags) ?? defaultRing
  return {
    kind: 'file',
    file: envFile(path, { ring }),
    ring,
    limits: checkLimits({}),
    ...(configuration && { configuration }),
  }
}

/** Every ring of the configuration. @throws {ConfigError} ERR_CONFIG_ENVIRONMENT when there is none */
export function allTargets(flags: GlobalFlags): readonly Target[] {
  const configuration = loadConfiguration(flags.config)
  if (!configuration || configuration.environments.length === 0)
    throw new ConfigError('ERR_CONFIG_ENVIRONMENT', `${configName} names no environments`)
  const { insecureHttp } = flags
  const common = insecureHttp === undefined ? {} : { insecureHttp }
  return configuration.environments.map(settings => targetOf(settings, configuration, common))
}

/** `--ring`. @throws {KeyturnError} ERR_USAGE */
export function ringFlag({ ring }: GlobalFlags): string | undefined {
  if (ring !== undefined && !isRingName(ring)) throw usageError('--ring is application/environment')
  return ring
}

function refuseContradiction({ hub, file, environment, ring }: GlobalFlags): void {
  if (hub !== undefined && file !== undefined) throw usageError('--hub and --file contradict each other')
  if (environment !== undefined && ring !== undefined)
    throw usageError('-e and --ring contradict each other: the configuration names the ring')
}

/** Settings of `-e`. @throws {ConfigError} ERR_CONFIG_ENVIRONMENT */
function settingsOf(
  { environment }: GlobalFlags,
  configuration: Configuration | undefined,
): Environment | undefined {
  if (environment === undefined) return undefined
  const settings = configuration?.environments.find(each => each.name === environment)
  if (!settings) throw unknownEnvironment(environment, configuration)
  return settings
}

function targetOf(
  settings: Environment,
  configuration: Configuration | undefined,
  flags: GlobalFlags,
): Target {
  const { store, limits, variable, auditPath, name, ring } = settings
  if (store.type === 'hub' && flags.file === undefined)
    return hubTarget(flags, store.url, { configuration, settings })
  if (store.type === 'hub') throw usageError(`-e ${name} is a ring of a hub: leave --file out`)
  if (flags.ring !== undefined && flags.ring !== ring)
    throw usageError(`the configuration names this ring ${ring}`)
  const file = envFile(flags.file ?? store.path, {
    ring,
    limits,
    ...(variable !== undefined && { variable }),
    ...(auditPath !== undefined && { auditPath }),
  })
  const known = { limits, settings, environment: name, ...(configuration && { configuration }) }
  return { kind: 'file', file, ring, ...known }
}

function hubTarget(
  flags: GlobalFlags,
  url: string,
  known: { readonly configuration?: Configuration | undefined; readonly settings?: Environment | undefined },
): HubTarget {
  const { configuration, settings } = known
  const ring = settings?.ring ?? ringFlag(flags) ?? (process.env['KEYTURN_RING'] || undefined)
  if (ring !== undefined && !isRingName(ring)) throw usageError('KEYTURN_RING is application/environment')
  return {
    kind: 'hub',
    url: hubAddress(url, allowsInsecure(flags)),
    ring,
    isLogin: false,
    limits: settings?.limits ?? checkLimits({}),
    ...(settings && { settings, environment: settings.name }),
    ...(configuration && { configuration }),
  }
}

function unknownEnvironment(name: string, configuration: Configuration | undefined): ConfigError {
  const known = configuration?.environments.map(each => each.name).join(', ')
  const where = configuration
    ? `${configuration.path} knows ${known || 'none'}`
    : `there is no ${configName} here`
  return new ConfigError('ERR_CONFIG_ENVIRONMENT', `the environment ${name} is not known: ${where}`)
}
