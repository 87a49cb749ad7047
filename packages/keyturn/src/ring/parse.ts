/** parseDocument: a document read from a store, checked field by field. */
import { RingError } from '../errors.ts'
import { assertSound } from './advance.ts'
import type { RingDocument } from './document.ts'

type Check = (value: unknown) => boolean

const isText: Check = value => typeof value === 'string'
const isWhole: Check = value => Number.isSafeInteger(value) && (value as number) >= 0
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isOneOf =
  (...allowed: readonly string[]): Check =>
  value =>
    typeof value === 'string' && allowed.includes(value)
const isMaybe =
  (check: Check): Check =>
  value =>
    value === undefined || check(value)
const isListOf =
  (check: Check): Check =>
  value =>
    Array.isArray(value) && value.every(check)
/** Whether a key can be called so. */
export const isKid: Check = value => typeof value === 'string' && /^[\w-]{1,256}$/.test(value)
const isTrue: Check = value => value === true

const shape =
  (fields: Readonly<Record<string, Check>>, fault: (field: string) => void): Check =>
  value => {
    if (!isRecord(value)) return false
    const wrong = Object.entries(fields).find(([name, check]) => !check(value[name]))
    if (wrong) fault(wrong[0])
    return !wrong
  }

/**
 * The document in a parsed JSON value.
 * @throws {RingError} ERR_RING_INVALID, naming the field
 */
export function parseDocument(value: unknown): RingDocument {
  let field = ''
  const note = (name: string): void => {
    field ||= name
  }
  const limits = shape(
    {
      maxTokenLife: isWhole,
      maxStale: isWhole,
      tolerance: isWhole,
      grace: isWhole,
      hold: isWhole,
      lease: isWhole,
    },
    note,
  )
  const key = shape(
    {
      kid: isKid,
      state: isOneOf('staged', 'active', 'retiring', 'suspended', 'compromised'),
      alg: isOneOf('HS256', 'HS384', 'HS512'),
      createdAt: created => created === null || isWhole(created),
      activatedAt: isMaybe(isWhole),
      deactivatedAt: isMaybe(isWhole),
      verifyUntil: isMaybe(isWhole),
      restoredAt: isMaybe(isWhole),
      holdUntil: isMaybe(isWhole),
      aliases: isMaybe(isListOf(isText)),
      legacy: isMaybe(isTrue),
      bytesLost: isMaybe(isTrue),
    },
    note,
  )
  const operation = shape(
    {
      id: isText,
      mode: isOneOf('graceful', 'hard', 'rollback'),
      phase: isOneOf('gate'),
      kid: isKid,
      startedAt: isWhole,
      reason: isText,
      grace: isWhole,
      hold: isWhole,
      controller: isText,
      cause: isMaybe(isText),
      noFleet: isMaybe(isTrue),
      former: isMaybe(isRecord),
      undoes: isMaybe(isWhole),
    },
    note,
  )
  const undo = shape(
    {
      generation: isWhole,
      mode: isOneOf('graceful', 'hard'),
      from: isKid,
      to: isKid,
      cutoff: isWhole,
      retiring: isListOf(pair => Array.isArray(pair) && isKid(pair[0]) && isWhole(pair[1])),
    },
    note,
  )
  const audit = shape(
    {
      v: version => version === 1,
      ring: isText,
      mode: isMaybe(isText),
      cause: isMaybe(isText),
      keys: isListOf(move => Array.isArray(move) && move.length === 3 && move.every(isText)),
      cutoff: isWhole,
      epoch: isWhole,
      generation: isWhole,
      at: isText,
      action: isText,
      actor: isText,
      reason: isText,
      prev: isText,
    },
    note,
  )
  const sound = shape(
    {
      v: version => version === 1,
      ring: isText,
      epoch: isWhole,
      generation: isWhole,
      nonce: isText,
      parent: isText,
      cutoff: isWhole,
      floor: isWhole,
      limits,
      operation: running => running === null || operation(running),
      undo: isListOf(undo),
      audit: entry => entry === null || audit(entry),
      keys: isListOf(key),
    },
    note,
  )(value)
  if (!sound)
    throw new RingError(
      'ERR_RING_INVALID',
      `the ring document is not valid${field ? `: field ${field}` : ''}`,
    )
  const document = value as RingDocument
  assertSound(document)
  return document
}
