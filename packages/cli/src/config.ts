/** keyturn.config.json: application, environments, stores, durations. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { ConfigError } from 'keyturn'
import { checkLimits, type Algorithm, type Limits } from 'keyturn/ring'
import { parseDuration } from 'keyturn/token'
import { secretsIn } from './secrets-in.ts'

/** One environment, with absolute paths. */
export interface Environment {
  readonly name: string
  /** `application/environment`. */
  readonly ring: string
  readonly store: StoreSettings
  readonly variable?: string
  readonly auditPath?: string
  readonly limits: Limits
  readonly algorithm?: Algorithm
  /** Seconds between rotations; absent: by the environment's name. */
  readonly every?: number
  readonly afterChange?: string
}

/** Where a ring is kept. */
export type StoreSettings =
  | { readonly type: 'env-file'; readonly path: string }
  | { readonly type: 'hub'; readonly url: string; readonly ring: string }

export interface Configuration {
  readonly path: string
  readonly application: string
  readonly environments: readonly Environment[]
}

export const configName = 'keyturn.config.json'

/**
 * The configuration; undefined when there is none and none was named.
 * @throws {ConfigError} ERR_CONFIG_INVALID, ERR_CONFIG_LIMITS, ERR_CONFIG_SECRET_EXPOSED
 */
export function loadConfiguration(named: string | undefined): Configuration | undefined {
  const path = resolve(named ?? configName)
  if (!existsSync(path)) {
    if (named === undefined) return undefined
    throw invalid(`${named} does not exist`)
  }
  const value = parse(readFileSync(path, 'utf8'), path)
  const exposed = secretsIn(value)[0]
  if (exposed !== undefined)
    throw new ConfigError(
      'ERR_CONFIG_SECRET_EXPOSED',
      `${path}: the field ${exposed} holds what looks like a secret`,
    )
  const record = recordOf(value, path, '')
  only(record, ['$schema', 'application', 'variable', 'environments'], path, '')
  const application = nameOf(record['application'], path, 'application')
  const environments = recordOf(record['environments'], path, 'environments')
  const variable = textOf(record['variable'], path, 'variable')
  return {
    path,
    application,
    environments: Object.entries(environments).map(([name, settings]) => {
      nameOf(name, path, `environments.${name}`)
      return {
        ...environmentOf(name, settings, path, application),
        ...(variable !== undefined && { variable }),
      }
    }),
  }
}

const durations = ['maxTokenLife', 'maxStale', 'tolerance', 'grace', 'hold', 'lease'] as const

function environmentOf(name: string, value: unknown, path: string, application: string): Environment {
  const field = `environments.${name}`
  const record = recordOf(value, path, field)
  only(record, ['store', 'algorithm', 'schedule', 'afterChange', 'auditPath', ...durations], path, field)
  const base = dirname(path)
  const store = storeOf(record['store'], path, field, { base, ring: `${application}/${name}` })
  const given = durations.flatMap(each => {
    const duration = record[each]
    return duration === undefined ? [] : [[each, secondsIn(duration, path, `${field}.${each}`)] as const]
  })
  const algorithm = record['algorithm']
  if (algorithm !== undefined && algorithm !== 'HS256' && algorithm !== 'HS384' && algorithm !== 'HS512')
    throw invalid(`${path}: ${field}.algorithm is HS256, HS384 or HS512`)
  const schedule = record['schedule']
  const every =
    typeof schedule === 'object' && schedule !== null ? (schedule as { every?: unknown }).every : schedule
  const auditPath = textOf(record['auditPath'], path, `${field}.auditPath`)
  const afterChange = textOf(record['afterChange'], path, `${field}.afterChange`)
  const ofFile = { afterChange, auditPath }
  const misplaced = store.type === 'hub' && Object.entries(ofFile).find(([, value]) => value !== undefined)
  if (misplaced)
    throw invalid(
      `${path}: ${field}.${misplaced[0]} goes with a .env file; a hub has no processes of its own`,
    )
  return {
    name,
    ring: store.type === 'hub' ? store.ring : `${application}/${name}`,
    store,
    limits: checkLimits(Object.fromEntries(given)),
    ...(algorithm !== undefined && { algorithm }),
    ...(every !== undefined && { every: secondsIn(every, path, `${field}.schedule`) }),
    ...(auditPath !== undefined && { auditPath: resolve(base, auditPath) }),
    ...(afterChange !== undefined && { afterChange }),
  }
}

/** @param place the folder of the configuration, and the ring's name where the store names none */
function storeOf(
  value: unknown,
  path: string,
  field: string,
  place: { readonly base: string; readonly ring: string },
): StoreSettings {
  const store = recordOf(value ?? { type: 'env-file', path: '.env' }, path, `${field}.store`)
  switch (store['type']) {
    case 'env-file': {
      only(store, ['type', 'path'], path, `${field}.store`)
      const file = textOf(store['path'], path, `${field}.store.path`)
      if (file === undefined) throw invalid(`${path}: ${field}.store.path is the path of a .env file`)
      return { type: 'env-file', path: resolve(place.base, file) }
    }
    case 'hub': {
      only(store, ['type', 'url', 'ring'], path, `${field}.store`)
      const url = textOf(store['url'], path, `${field}.store.url`)
      if (url === undefined) throw invalid(`${path}: ${field}.store.url is the address of a hub`)
      const ring = textOf(store['ring'], path, `${field}.store.ring`) ?? place.ring
      if (!isRingName(ring)) throw invalid(`${path}: ${field}.store.ring is application/environment`)
      return { type: 'hub', url, ring }
    }
    default:
      throw invalid(`${path}: ${field}.store.type is "env-file" or "hub"`)
  }
}

/** `application/environment` */
export const isRingName = (text: string): boolean => /^[\w.-]{1,64}\/[\w.-]{1,64}$/.test(text)

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    // The parser's message can quote the text, and the text may hold what does not belong there.
    throw invalid(`${path} is not JSON`)
  }
}

function recordOf(value: unknown, path: string, field: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>
  throw invalid(`${path}: ${field === '' ? 'the whole' : field} must be an object`)
}

function only(
  record: Readonly<Record<string, unknown>>,
  known: readonly string[],
  path: string,
  field: string,
): void {
  const unknown = Object.keys(record).find(name => !known.includes(name))
  if (unknown === undefined) return
  throw invalid(
    `${path}: ${field === '' ? '' : `${field}.`}${unknown} is not a field; known are ${known.join(', ')}`,
  )
}

function textOf(value: unknown, path: string, field: string): string | undefined {
  if (value === undefined || (typeof value === 'string' && value !== '')) return value
  throw invalid(`${path}: ${field} must be a text`)
}

function nameOf(value: unknown, path: string, field: string): string {
  if (typeof value === 'string' && /^[\w.-]{1,64}$/.test(value)) return value
  throw invalid(`${path}: ${field} is a name of letters, digits, dots, dashes and underscores`)
}

function secondsIn(value: unknown, path: string, field: string): number {
  try {
    if (typeof value === 'string' || typeof value === 'number') return parseDuration(value)
  } catch {
    // Refused below.
  }
  throw invalid(`${path}: ${field} is a duration such as "15m", "48h" or "30d"`)
}

const invalid = (message: string): ConfigError => new ConfigError('ERR_CONFIG_INVALID', message)
