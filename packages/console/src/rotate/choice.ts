/** Choice: what somebody wants to happen to a ring, and the plan request that asks for it. Pure. */
import type { Limits } from 'keyturn/ring'
import { isPast } from '../api/ring-keys.ts'
import type { PlanRequest, RingView, RotationRequest, RollbackRequest } from '../api/answers.ts'

export const modes = ['graceful', 'hard', 'rollback'] as const
export type Mode = (typeof modes)[number]

export interface Choice {
  readonly mode: Mode
  /** The kid that a rollback goes back to. */
  readonly to?: string
  /** Although a key is still retiring. */
  readonly force: boolean
  readonly noFleet: boolean
  readonly limits?: Limits
}

/** What is asked of the hub before anything happens. */
export function planRequestOf({ mode, to, force, limits }: Choice): PlanRequest {
  if (mode === 'rollback') return { kind: 'rollback', ...(to !== undefined && { to }) }
  return { kind: 'rotation', mode, ...(force && { force }), ...(limits && { limits }) }
}

/**
 * What the hub would refuse anyway, as far as it can be seen from here: nobody need ask.
 * @param now epoch seconds
 */
export function refusalOf(
  { document, halted }: Pick<RingView, 'document' | 'halted'>,
  { mode, force }: Choice,
  now: number,
): { readonly code: string; readonly detail: string } | undefined {
  if (halted !== null) return { code: 'ERR_RING_REGRESSED', detail: halted }
  if (document.operation) return { code: 'ERR_RING_OPERATION', detail: document.operation.id }
  const retiring = document.keys.find(key => key.state === 'retiring' && !isPast(key.verifyUntil, now))
  if (mode !== 'graceful' || force || !retiring) return undefined
  return { code: 'ERR_RING_RETIRING', detail: retiring.kid }
}

export interface Grounds {
  readonly reason: string
  readonly cause: NonNullable<RotationRequest['cause']>
}

/** Exactly the plan that was shown. @param plan its id */
export function changeRequestOf(
  { mode, to, force, noFleet, limits }: Choice,
  grounds: Grounds,
  plan?: string,
): RotationRequest | RollbackRequest {
  const common = { ...grounds, ...(plan !== undefined && { plan }), ...(noFleet && { noFleet }) }
  if (mode === 'rollback') return { ...common, ...(to !== undefined && { to }) }
  return { ...common, mode, ...(force && { force }), ...(limits && { limits }) }
}

export type StepName = 'stage' | 'gate' | 'activate' | 'drain' | 'destroy' | 'hold'

/** The steps of a plan, in their order. */
export function stepsOf({
  mode,
  direct,
}: {
  readonly mode: Mode
  readonly direct: boolean
}): readonly StepName[] {
  const first: readonly StepName[] = direct ? ['activate'] : ['stage', 'gate', 'activate']
  if (mode === 'hard') return [...first, 'hold']
  return mode === 'graceful' ? [...first, 'drain', 'destroy'] : [...first, 'drain']
}

/** The limits in the address, if they are limits. */
export function limitsIn(text: string | undefined): Limits | undefined {
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    const names = ['maxTokenLife', 'maxStale', 'tolerance', 'grace', 'hold', 'lease']
    const isLimits =
      typeof value === 'object' &&
      value !== null &&
      names.every(name => Number.isSafeInteger((value as Record<string, unknown>)[name]))
    return isLimits ? (value as Limits) : undefined
  } catch {
    return undefined
  }
}
