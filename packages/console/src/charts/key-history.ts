/** keyHistory: what each key of a ring was, when, from its audit trail and its document. Pure. */
import type { AuditEntry, KeyState, RingDocument, RingKey } from 'keyturn/ring'

/** A span of one state. Times are epoch milliseconds. */
export interface Span {
  readonly state: Exclude<KeyState, 'compromised'>
  readonly from: number
  readonly to: number
  /** Whether it ends in the future, as the ring says now. */
  readonly isPlanned: boolean
}

export interface KeyLane {
  readonly kid: string
  /** As it is now; `destroyed` for one that has left the ring. */
  readonly state: KeyState | 'destroyed'
  readonly spans: readonly Span[]
  /** When it was compromised. */
  readonly killedAt: number | null
}

interface Step {
  readonly at: number
  readonly state: string
}

const spanStates = new Set(['staged', 'active', 'retiring', 'suspended'])

/** Keys in the order in which they appeared. @param now epoch milliseconds */
export function keyHistory(
  document: RingDocument & { readonly keys: readonly RingKey[] },
  entries: readonly AuditEntry[],
  now: number,
): readonly KeyLane[] {
  const steps = new Map<string, Step[]>()
  for (const { at, keys } of entries)
    for (const [kid, from, to] of keys) {
      const known = steps.get(kid)
      const step = { at: Date.parse(at), state: to }
      if (known) known.push(step)
      // The trail may begin after the key did.
      else steps.set(kid, from === 'new' ? [step] : [{ at: -Infinity, state: from }, step])
    }
  for (const key of document.keys) if (!steps.has(key.kid)) steps.set(key.kid, [firstStep(key)])
  return [...steps].map(([kid, course]) =>
    laneOf(
      kid,
      course,
      document.keys.find(key => key.kid === kid),
      now,
    ),
  )
}

const firstStep = ({ createdAt, activatedAt, state }: RingKey): Step => {
  const since = state === 'active' ? activatedAt : createdAt
  return { at: since === null || since === undefined ? -Infinity : since * 1000, state }
}

function laneOf(kid: string, steps: readonly Step[], key: RingKey | undefined, now: number): KeyLane {
  const spans: Span[] = []
  for (const [index, { at, state }] of steps.entries()) {
    const next = steps[index + 1]?.at
    if (!isSpanState(state)) continue
    const end = next ?? endOf(key, state)
    spans.push({
      state,
      from: at,
      to: end ?? now,
      isPlanned: next === undefined && end !== undefined && end > now,
    })
  }
  const killed = steps.findLast(({ state }) => state === 'compromised')
  return {
    kid,
    state: key?.state ?? (killed ? 'compromised' : 'destroyed'),
    spans,
    killedAt: killed?.at ?? null,
  }
}

const isSpanState = (state: string): state is Span['state'] => spanStates.has(state)

/** When the ring says that the state ends by itself. */
function endOf(key: RingKey | undefined, state: Span['state']): number | undefined {
  const seconds = state === 'retiring' ? key?.verifyUntil : state === 'suspended' ? key?.holdUntil : undefined
  return seconds === undefined ? undefined : seconds * 1000
}
