/** What a key looks like after it changed state. */
import type { RingKey } from './document.ts'

type Lasting = Pick<RingKey, 'kid' | 'alg' | 'createdAt' | 'aliases' | 'legacy'>

const lasting = (key: RingKey): Lasting => ({
  kid: key.kid,
  alg: key.alg,
  createdAt: key.createdAt,
  ...(key.aliases && { aliases: key.aliases }),
  ...(key.legacy && { legacy: key.legacy }),
})

const history = (key: RingKey): Pick<RingKey, 'activatedAt' | 'deactivatedAt'> => ({
  ...(key.activatedAt !== undefined && { activatedAt: key.activatedAt }),
  ...(key.deactivatedAt !== undefined && { deactivatedAt: key.deactivatedAt }),
})

/** Signs and verifies from now on. */
export const toActive = (key: RingKey, now: number): RingKey => ({
  ...lasting(key),
  state: 'active',
  activatedAt: now,
})

/** Verifies, does not sign yet. */
export const toStaged = (key: RingKey): RingKey => ({ ...lasting(key), ...history(key), state: 'staged' })

/** Verifies until then. A key that was active notes when it stopped signing. */
export const toRetiring = (key: RingKey, now: number, verifyUntil: number): RingKey => ({
  ...lasting(key),
  ...history(key),
  ...(key.state === 'active' && { deactivatedAt: now }),
  state: 'retiring',
  verifyUntil,
})

/** Neither signs nor verifies; a retiring key remembers its `verifyUntil`. */
export const toSuspended = (key: RingKey, now: number, holdUntil: number): RingKey => ({
  ...lasting(key),
  ...history(key),
  ...(key.state === 'active' && { deactivatedAt: now }),
  ...(key.verifyUntil !== undefined && { verifyUntil: key.verifyUntil }),
  state: 'suspended',
  holdUntil,
})

/** Never again. */
export const toCompromised = (key: RingKey, now: number): RingKey => ({
  ...lasting(key),
  ...history(key),
  ...(key.state === 'active' && { deactivatedAt: now }),
  state: 'compromised',
})
