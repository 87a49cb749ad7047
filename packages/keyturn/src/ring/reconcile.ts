/** reconcile: values that a person edited by hand win, and the document follows them. */
import { ConfigError } from '../errors.ts'
import { advance } from './advance.ts'
import { hasBytes, maxKeys, type RingDocument, type RingKey } from './document.ts'
import { activeKey, findKey, stagedKey } from './keys.ts'
import { rollbackActivate } from './rollback.ts'
import { undoOf } from './activate.ts'
import { toActive, toRetiring, toStaged, toSuspended } from './transition.ts'

/** The kids of the values found. A legacy secret keeps its random kid while its value is there. */
export interface FoundKids {
  readonly active: string
  readonly staged?: string
  readonly retiring: readonly string[]
  readonly suspended: readonly string[]
  readonly legacy?: string
}

/** What the edit amounts to. */
export type EditKind = 'hard' | 'graceful' | 'rollback' | 'lists'

export interface Reconciled {
  readonly kind: EditKind
  readonly document: RingDocument
}

/**
 * A new active value is a hard rotation, or a graceful one where the old value was kept as a previous one; an
 * old value pasted back is a rollback; anything else only changes the lists.
 * @param now epoch seconds
 * @throws {ConfigError} ERR_CONFIG_SECRET_COMPROMISED
 */
export function reconcile(document: RingDocument, found: FoundKids, now: number): Reconciled {
  refuseCompromised(document, found)
  const before = activeKey(document)
  if (before.kid === found.active)
    return { kind: 'lists', document: advance(document, { ...lists(document, found, now) }) }

  const known = findKey(document, found.active)
  const index = document.undo.findLastIndex(record => record.from === found.active)
  const kept = found.retiring.includes(before.kid)
  // A destroyed key is not remembered: its value is as good as new.
  if (index >= 0 && known) {
    const undone = rollbackActivate(document, {
      kid: found.active,
      undoes: document.undo.length - index,
      now,
      grace: document.limits.grace,
    })
    return { kind: 'rollback', document: { ...undone, ...lists(undone, found, now) } }
  }

  const kind = kept ? 'graceful' : 'hard'
  const fresh: RingKey = known ?? { kid: found.active, alg: before.alg, createdAt: now, state: 'staged' }
  const { grace, hold } = document.limits
  const others = document.keys.flatMap(key => {
    if (key === known) return []
    if (kept) return [key === before ? toRetiring(key, now, now + grace) : key]
    return [key === before || key.state === 'retiring' ? toSuspended(key, now, now + hold) : key]
  })
  const next = advance(document, {
    keys: [...others, toActive(fresh, now)],
    undo: [...document.undo, undoOf(document, kind, found.active)].slice(-maxKeys),
    ...(kind === 'hard' && { cutoff: document.generation + 1 }),
  })
  return { kind, document: { ...next, ...lists(next, found, now, kind === 'hard') } }
}

function refuseCompromised(document: RingDocument, found: FoundKids): void {
  const everywhere = [found.active, found.staged, ...found.retiring, ...found.suspended]
  const dead = everywhere.find(kid => kid !== undefined && findKey(document, kid)?.state === 'compromised')
  if (dead === undefined) return
  throw new ConfigError(
    'ERR_CONFIG_SECRET_COMPROMISED',
    `the key ${dead} is compromised and never comes back`,
  )
}

/** Makes the other keys follow the values: what is gone has lost its bytes, what is new takes the list's state. */
function lists(
  document: RingDocument,
  found: FoundKids,
  now: number,
  hard = false,
): Pick<RingDocument, 'keys' | 'operation'> {
  const { grace, hold } = document.limits
  const placed = (kid: string): 'staged' | 'retiring' | 'suspended' | undefined => {
    if (kid === found.staged) return 'staged'
    if (kid === found.legacy || found.retiring.includes(kid)) return hard ? 'suspended' : 'retiring'
    return found.suspended.includes(kid) ? 'suspended' : undefined
  }
  const keys = document.keys.flatMap((key): RingKey[] => {
    if (key.state === 'active' || key.state === 'compromised') return [key]
    const place = placed(key.kid)
    if (place === undefined) {
      if (key.state === 'suspended' && !hasBytes(key)) return [key]
      // Its value was overwritten: remembered, so that pasting it back is a rollback.
      const remembered = key.deactivatedAt === now || document.undo.some(record => record.from === key.kid)
      return remembered ? [{ ...toSuspended(key, now, key.holdUntil ?? now + hold), bytesLost: true }] : []
    }
    if (place === key.state) return [withoutLoss(key)]
    if (place === 'retiring') return [toRetiring(key, now, key.verifyUntil ?? now + grace)]
    return place === 'suspended' ? [toSuspended(key, now, now + hold)] : [toStaged(key)]
  })

  const alg = activeKey(document).alg
  const added = (kid: string | undefined, make: (key: RingKey) => RingKey): void => {
    if (kid === undefined || keys.some(key => key.kid === kid)) return
    keys.push(make({ kid, alg, createdAt: now, state: 'staged' }))
  }
  added(found.staged, key => key)
  for (const kid of found.retiring)
    added(kid, key => (hard ? toSuspended(key, now, now + hold) : toRetiring(key, now, now + grace)))
  for (const kid of found.suspended) added(kid, key => toSuspended(key, now, now + hold))

  const staged = stagedKey({ ...document, keys })?.kid
  return { keys, operation: document.operation?.kid === staged ? document.operation : null }
}

function withoutLoss(key: RingKey): RingKey {
  const { bytesLost: _, ...kept } = key
  return kept
}
