/** The variables that hold a ring: read into a ring, written from one. Shared by the environment and the file. */
import { KeyturnError, RingError, StoreError } from '../errors.ts'
import type { HandEdit, Ring } from '../ports/ring-store.ts'
import { emptyDocument } from '../ring/adopt.ts'
import { defaultLimits, hasBytes, type Limits, type RingDocument, type RingKey } from '../ring/document.ts'
import { activeKey } from '../ring/keys.ts'
import { parseDocument } from '../ring/parse.ts'
import { kidOf } from '../secret/kid.ts'
import { Secret } from '../secret/secret.ts'

/** The names of a ring's variables. */
export interface VariableNames {
  readonly active: string
  readonly staged: string
  readonly retiring: string
  readonly suspended: string
  readonly legacy: string
  readonly keyring: string
}

/** The guide's name of the active secret. */
const defaultVariable = 'JWT_SECRET_KEY'

/** All names, from the name of the active secret's variable: `X_SECRET_KEY` gives `X_KEYRING`. */
export function variableNames(active: string = defaultVariable): VariableNames {
  return {
    active,
    staged: `${active}_NEXT`,
    retiring: `${active}_PREVIOUS`,
    suspended: `${active}_SUSPENDED`,
    legacy: `${active}_LEGACY`,
    keyring: `${active.replace(/_SECRET(_KEY)?$/, '')}_KEYRING`,
  }
}

/** What is not in the variables, for a ring that a person set by hand. */
export interface HandSet {
  /** @default 'default/default' */
  readonly ring?: string
  readonly limits?: Limits
}

/**
 * The ring in these values; undefined when there is no active secret.
 * @throws {RingError} ERR_RING_INVALID
 */
export function ringFrom(
  read: (name: string) => string | undefined,
  names: VariableNames,
  handSet: HandSet = {},
): Ring | undefined {
  const active = read(names.active)
  if (active === undefined || active === '') return undefined
  const values: Values = {
    active: new Secret(active),
    retiring: listed(read(names.retiring)),
    suspended: listed(read(names.suspended)).map(secret => new Secret(decoded(secret.reveal()))),
    ...optional('staged', read(names.staged)),
    ...optional('legacy', read(names.legacy)),
  }
  const text = read(names.keyring)
  if (text === undefined || text === '') return ringByHand(values, handSet)
  const document = decodeDocument(text, names.keyring)
  const secrets = matched(document, values)
  return isWhole(document, values, secrets) ? { document, secrets } : { document, secrets, edited: values }
}

type Values = HandEdit

const optional = <Name extends string>(name: Name, text: string | undefined): { [N in Name]?: Secret } =>
  text === undefined || text === '' ? {} : ({ [name]: new Secret(text) } as { [N in Name]?: Secret })

const listed = (text: string | undefined): Secret[] =>
  (text ?? '')
    .split(',')
    .map(item => item.trim())
    .filter(item => item !== '')
    .map(item => new Secret(item))

function ringByHand(values: Values, handSet: HandSet): Ring {
  const { ring = 'default/default', limits = defaultLimits } = handSet
  const keys: RingKey[] = []
  const secrets = new Map<string, Secret>()
  const add = (secret: Secret | undefined, state: RingKey['state'], legacy?: true): void => {
    if (!secret) return
    // A legacy secret is too weak for a kid of its own; by hand there is no random one to keep.
    const kid = legacy ? 'legacy' : kidOf(secret.reveal())
    if (secrets.has(kid)) return
    secrets.set(kid, secret)
    keys.push({ kid, state, alg: 'HS256', createdAt: null, ...(legacy && { legacy }) })
  }
  add(values.active, 'active')
  add(values.staged, 'staged')
  for (const secret of values.retiring) add(secret, 'retiring')
  for (const secret of values.suspended) add(secret, 'suspended')
  add(values.legacy, 'retiring', true)
  return { document: emptyDocument(ring, limits, keys), secrets }
}

/** Which key each value belongs to. */
function matched(document: RingDocument, values: Values): Map<string, Secret> {
  const all = [values.active, values.staged, ...values.retiring, ...values.suspended].filter(
    each => each !== undefined,
  )
  const byKid = new Map(all.map(secret => [kidOf(secret.reveal()), secret]))
  const secrets = new Map<string, Secret>()
  for (const key of document.keys) {
    const secret = key.legacy ? legacyValue(document, key, values, byKid) : byKid.get(key.kid)
    if (secret && hasBytes(key)) secrets.set(key.kid, secret)
  }
  return secrets
}

/** A legacy key has a random kid, so its value is known by its place. */
function legacyValue(
  document: RingDocument,
  key: RingKey,
  values: Values,
  byKid: ReadonlyMap<string, Secret>,
): Secret | undefined {
  if (key.state !== 'suspended') return values.legacy
  const known = new Set(document.keys.map(each => each.kid))
  const nameless = values.suspended.filter(secret => !known.has(kidOf(secret.reveal())))
  return nameless.find(secret => byKid.get(kidOf(secret.reveal())) === secret)
}

/** Whether the values say just what the document says. */
function isWhole(document: RingDocument, values: Values, secrets: ReadonlyMap<string, Secret>): boolean {
  const places: readonly [RingKey['state'], readonly (Secret | undefined)[]][] = [
    ['active', [values.active]],
    ['staged', [values.staged]],
    ['retiring', [...values.retiring, values.legacy]],
    ['suspended', values.suspended],
  ]
  return places.every(([state, found]) => {
    const wanted = document.keys
      .filter(key => key.state === state && hasBytes(key))
      .map(key => secrets.get(key.kid))
    const present = new Set(found.filter(each => each !== undefined))
    return (
      wanted.length === present.size && wanted.every(secret => secret !== undefined && present.has(secret))
    )
  })
}

/**
 * The values for a ring; undefined for a variable that is to be removed. Lists stand newest first.
 * @throws {RingError} ERR_RING_INVALID when a key's bytes are missing
 * @throws {StoreError} ERR_STORE_INVALID when a retiring secret would not be read again
 */
export function variablesOf(ring: Ring, names: VariableNames): ReadonlyMap<string, string | undefined> {
  const text = (key: RingKey): string => {
    const secret = ring.secrets.get(key.kid)
    if (!secret) throw new RingError('ERR_RING_INVALID', `the bytes of the key ${key.kid} are missing`)
    return secret.reveal()
  }
  const withBytes = ring.document.keys.filter(hasBytes)
  const staged = withBytes.find(key => key.state === 'staged')
  const legacy = withBytes.find(key => key.legacy && key.state === 'retiring')
  const list = (state: RingKey['state'], form: (text: string) => string): string | undefined =>
    withBytes
      .filter(key => key.state === state && key !== legacy)
      .sort((a, b) => (b.activatedAt ?? b.createdAt ?? 0) - (a.activatedAt ?? a.createdAt ?? 0))
      .map(key => form(text(key)))
      .join(',') || undefined
  return new Map([
    [names.active, text(activeKey(ring.document))],
    [names.staged, staged && text(staged)],
    [names.retiring, list('retiring', each => bareItem(each, names.retiring))],
    [names.suspended, list('suspended', listItem)],
    [names.legacy, legacy && text(legacy)],
    [names.keyring, ring.document.generation === 0 ? undefined : encodeDocument(ring.document)],
  ])
}

/**
 * Compact JSON without white space, `#`, `$`, backslashes or single quotes: text is percent-encoded wherever a
 * dotenv reader or a shell could stumble. Wrapped in single quotes it is the same for every reader.
 */
export function encodeDocument(document: RingDocument): string {
  return JSON.stringify(document, (_, value: unknown) => (typeof value === 'string' ? encoded(value) : value))
}

/** @throws {RingError} ERR_RING_INVALID */
export function decodeDocument(text: string, name: string): RingDocument {
  // `docker run --env-file` hands the quotes on.
  const bare = /^'.*'$/s.test(text) ? text.slice(1, -1) : text
  let parsed: unknown
  try {
    parsed = JSON.parse(bare, (_, value: unknown) => (typeof value === 'string' ? decoded(value) : value))
  } catch (error) {
    throw new RingError('ERR_RING_INVALID', `${name} is not the JSON that Keyturn wrote`, {
      cause: nameOf(error),
    })
  }
  try {
    return parseDocument(parsed)
  } catch (error) {
    throw error instanceof KeyturnError ? new RingError(error.code, `${name}: ${error.message}`) : error
  }
}

/** A parser's message can quote the text. */
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown')

const encoded = (text: string): string =>
  text.replace(/[^\w.,:/@=+-]/gu, character =>
    encodeURIComponent(character).replace(
      /[!'()*]/g,
      each => `%${each.charCodeAt(0).toString(16).toUpperCase()}`,
    ),
  )

/** People and other programs read this list, so its items stand as they are. @throws {StoreError} ERR_STORE_INVALID */
function bareItem(text: string, name: string): string {
  if (!text.includes(',') && text.trim() === text) return text
  throw new StoreError(
    'ERR_STORE_INVALID',
    `a secret with a comma or with space at an end cannot stand in ${name}: rotate it away with --mode hard`,
  )
}

/** A comma would end the item. @throws {StoreError} ERR_STORE_INVALID */
function listItem(text: string): string {
  if (!text.isWellFormed())
    throw new StoreError('ERR_STORE_INVALID', 'a secret that is not UTF-8 cannot be suspended in a variable')
  return encoded(text).replaceAll(',', '%2C')
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
