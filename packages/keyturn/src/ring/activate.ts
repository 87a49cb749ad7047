/** activate: the staged key signs from now on. */
import { RingError } from '../errors.ts'
import { advance } from './advance.ts'
import { maxKeys, type RingDocument, type RingKey, type Undo } from './document.ts'
import { activeKey, stagedKey } from './keys.ts'
import { toActive, toRetiring, toSuspended } from './transition.ts'

export interface ActivateOptions {
  readonly mode: 'graceful' | 'hard'
  /** Epoch seconds. */
  readonly now: number
  /** Seconds that the old key keeps verifying, in graceful mode. */
  readonly grace: number
  /** Seconds that the old keys can be rolled back to, in hard mode. */
  readonly hold: number
}

/**
 * Graceful: the old key retires, nobody is signed out. Hard: every earlier token dies, every login session
 * ends, the old keys are suspended. The gate is the caller's to check.
 * @throws {RingError} ERR_RING_NOTHING_STAGED
 */
export function activate(document: RingDocument, options: ActivateOptions): RingDocument {
  const { mode, now, grace, hold } = options
  const staged = stagedKey(document)
  if (!staged) throw new RingError('ERR_RING_NOTHING_STAGED', `nothing is staged in ${document.ring}`)
  const hard = mode === 'hard'
  const move = (key: RingKey): RingKey => {
    if (key.state === 'staged') return toActive(key, now)
    if (key.state === 'active')
      return hard ? toSuspended(key, now, now + hold) : toRetiring(key, now, now + grace)
    if (key.state === 'retiring' && hard) return toSuspended(key, now, now + hold)
    return key
  }
  return advance(document, {
    keys: document.keys.map(move),
    operation: null,
    undo: [...document.undo, undoOf(document, mode, staged.kid)].slice(-maxKeys),
    ...(hard && { cutoff: document.generation + 1 }),
  })
}

/** The record that takes this activation back. */
export function undoOf(document: RingDocument, mode: 'graceful' | 'hard', to: string): Undo {
  return {
    generation: document.generation + 1,
    mode,
    from: activeKey(document).kid,
    to,
    cutoff: document.cutoff,
    retiring: document.keys.flatMap(key =>
      key.state === 'retiring' && key.verifyUntil !== undefined ? [[key.kid, key.verifyUntil] as const] : [],
    ),
  }
}
