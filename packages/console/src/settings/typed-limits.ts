/** problemsOf, leastGrace, partsOf, secondsOf: the six durations of a ring as people write them, and the rule between them. */
import type { Limits } from 'keyturn/ring'

export const limitNames = ['maxTokenLife', 'maxStale', 'tolerance', 'grace', 'hold', 'lease'] as const

export type LimitName = (typeof limitNames)[number]

/** Seconds. */
export const unitSeconds = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 } as const

export type Unit = keyof typeof unitSeconds

/** As typed: a number may be half written. */
export interface Typed {
  readonly value: string
  readonly unit: Unit
}

export type TypedLimits = Readonly<Record<LimitName, Typed>>

export type LimitProblem = 'number' | 'zero' | 'most' | 'grace'

/** The hub takes ten years at most. */
const mostSeconds = 10 * 365 * 86_400

/** In the largest unit that leaves no fraction. */
export function partsOf(seconds: number): Typed {
  const units = Object.entries(unitSeconds) as [Unit, number][]
  const [unit, size] = units.findLast(([, each]) => seconds >= each && seconds % each === 0) ?? ['seconds', 1]
  return { value: String(seconds / size), unit }
}

/** NaN for what is no whole number. */
export const secondsOf = ({ value, unit }: Typed): number =>
  /^\d{1,9}$/.test(value.trim()) ? Number(value) * unitSeconds[unit] : NaN

/** The shortest grace, in seconds, that outlives every honest token. */
export const leastGrace = ({
  maxTokenLife,
  maxStale,
  tolerance,
}: Pick<Limits, 'maxTokenLife' | 'maxStale' | 'tolerance'>): number => maxTokenLife + maxStale + 2 * tolerance

export const limitsOf = (typed: TypedLimits): Limits => ({
  maxTokenLife: secondsOf(typed.maxTokenLife),
  maxStale: secondsOf(typed.maxStale),
  tolerance: secondsOf(typed.tolerance),
  grace: secondsOf(typed.grace),
  hold: secondsOf(typed.hold),
  lease: secondsOf(typed.lease),
})

/** What is wrong, by field; empty when the hub will take it. */
export function problemsOf(limits: Limits): Partial<Record<LimitName, LimitProblem>> {
  const problems: Partial<Record<LimitName, LimitProblem>> = {}
  for (const name of limitNames) {
    const seconds = limits[name]
    if (!Number.isSafeInteger(seconds)) problems[name] = 'number'
    else if (seconds === 0 && name !== 'tolerance') problems[name] = 'zero'
    else if (seconds > mostSeconds) problems[name] = 'most'
  }
  // What is compared with nothing says nothing.
  if (limits.grace < leastGrace(limits)) problems.grace ??= 'grace'
  return problems
}

export const isSame = (a: Limits, b: Limits): boolean => limitNames.every(name => a[name] === b[name])
