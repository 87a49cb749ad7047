/** Journal: what happened in a run, the violation that ended it, and how often what was seen. */
import { createHash } from 'node:crypto'
import type { Scheduler } from './scheduler.ts'

/** What must hold. */
export type Invariant =
  | 'no valid token is refused'
  | 'no needless 503'
  | 'what is revoked is dead within maxStale'
  | 'one key signs, and no way back'
  | 'generations are one chain'
  | 'a key is spread before it signs'
  | 'compromised stays compromised'
  | 'operations end'
  | 'nothing fails in an unknown way'

export interface Violation {
  readonly invariant: Invariant
  readonly what: string
  /** Seconds since the start of the run. */
  readonly at: number
}

const longestTrace = 80

export class Journal {
  readonly #scheduler: Scheduler
  readonly #labels = new Map<string, string>()
  readonly #counts = new Map<string, number>()
  readonly #lines: string[] = []
  #violation: Violation | undefined

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler
  }

  note(line: string): void {
    this.#lines.push(`${(this.#scheduler.now / 1000).toFixed(3).padStart(9)} ${line}`)
  }

  count(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1)
  }

  /** Ends the run. The first violation counts: what comes after it may follow from it. */
  violate(invariant: Invariant, what: string): void {
    this.note(`VIOLATION ${invariant}: ${what}`)
    this.#violation ??= { invariant, what, at: this.#scheduler.now / 1000 }
  }

  get violation(): Violation | undefined {
    return this.#violation
  }

  /** A name for what is random in every run, such as a kid: by the order in which they appear. */
  label(kind: string, id: string): string {
    const known = this.#labels.get(id)
    if (known !== undefined) return known
    const label = `${kind}${this.#labels.size + 1}`
    this.#labels.set(id, label)
    return label
  }

  get trace(): readonly string[] {
    return this.#lines.slice(-longestTrace)
  }

  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  /** Of everything that was noted. */
  get digest(): string {
    return createHash('sha256').update(this.#lines.join('\n')).digest('base64url')
  }
}
