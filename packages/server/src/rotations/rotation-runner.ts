/** RotationRunner: runs rotations in this replica, and keeps their course where every replica sees it. */
import { randomBytes } from 'node:crypto'
import { KeyturnError } from 'keyturn'
import type { RotationContext, RotationEvent } from 'keyturn/rotation'
import type { RotationRecords } from './rotation-records.ts'
import { withEvent, type RotationView, type ViewOutcome } from './rotation-view.ts'

/** What is to be run: it is given its id and its context, and says how it ended. */
export type Work = (context: RotationContext, id: string) => Promise<ViewOutcome>

export interface Started {
  readonly kind: RotationView['kind']
  readonly mode: RotationView['mode']
  readonly ring: string
  readonly reason: string
  readonly cause?: RotationView['cause']
  readonly actor: string
  readonly wait: RotationView['wait']
}

interface Parts {
  readonly records: RotationRecords
  /** Id of this replica. */
  readonly replica: string
  readonly contextOf: (ring: string, actor: string, report: (event: RotationEvent) => void) => RotationContext
  /** The database's clock. */
  readonly now: () => Promise<number>
  /** Nobody waits for what is written in the background. */
  readonly onFailure: (error: unknown) => void
}

export class RotationRunner {
  readonly #parts: Parts
  readonly #running = new Map<string, Run>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Ids of what this replica works on. */
  get running(): readonly string[] {
    return [...this.#running.keys()]
  }

  /**
   * Starts the work, and returns when its first step is done: what a guard refuses is thrown here.
   * @param id of an operation that is resumed
   * @throws what the work throws before anything has changed
   */
  async start(started: Started, work: Work, id?: string): Promise<RotationView> {
    const { records, replica, now } = this.#parts
    const view: RotationView = {
      id: id ?? randomBytes(9).toString('base64url'),
      ...started,
      cause: started.cause ?? null,
      state: 'running',
      phase: 'stage',
      startedAt: new Date(await now()).toISOString(),
      endedAt: null,
      replica,
      kid: null,
      generation: null,
      events: [],
      outcome: null,
      problem: null,
    }
    await records.put(view)
    const run = this.#begin(view, work)
    const refusal = await run.firstStep
    if (refusal === undefined) return run.view
    await run.ended
    if (id === undefined) await records.remove(view.id)
    throw refusal
  }

  /** Goes on with what a replica left behind that is gone. */
  takeOver(view: RotationView, work: Work): Promise<void> {
    return this.#begin({ ...view, replica: this.#parts.replica }, work).ended
  }

  /** The newest view, if this replica works on it. */
  viewOf(id: string): RotationView | undefined {
    return this.#running.get(id)?.view
  }

  /** Waits until something after event `seen` happened, if this replica works on it. */
  async next(id: string, seen: number, wait: Promise<void>): Promise<void> {
    await this.#running.get(id)?.after(seen, wait)
  }

  /** Waits until everything that runs has been written down. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.#running.values()].map(run => run.ended))
  }

  #begin(view: RotationView, work: Work): Run {
    const run = new Run(view, work, this.#parts)
    this.#running.set(view.id, run)
    void run.ended.finally(() => this.#running.delete(view.id))
    return run
  }
}

/** One of them. */
class Run {
  /** Undefined once a change was made, or the error that came before any. */
  readonly firstStep: Promise<unknown>
  readonly ended: Promise<void>
  #view: RotationView
  readonly #parts: Parts
  #written: Promise<void> = Promise.resolve()
  #wake: () => void = () => undefined
  #changed: Promise<void>

  constructor(view: RotationView, work: Work, parts: Parts) {
    this.#view = view
    this.#parts = parts
    this.#changed = new Promise(resolve => (this.#wake = resolve))
    let step: (refusal: unknown) => void = () => undefined
    this.firstStep = new Promise(resolve => (step = resolve))
    const context = parts.contextOf(view.ring, view.actor, event => {
      if (event.type !== 'adopted') step(undefined)
      const next = withEvent(this.#view, event, Date.now())
      if (next !== this.#view) this.#show(next)
    })
    this.ended = this.#work(context, work, step)
  }

  get view(): RotationView {
    return this.#view
  }

  /** Until an event after `seen`, the end, or the promise. */
  async after(seen: number, wait: Promise<void>): Promise<void> {
    let isOver = false
    const over = wait.then(() => {
      isOver = true
    })
    while (!isOver && this.#view.state === 'running' && (this.#view.events.at(-1)?.n ?? 0) <= seen)
      await Promise.race([this.#changed, over])
  }

  async #work(context: RotationContext, work: Work, step: (refusal: unknown) => void): Promise<void> {
    try {
      const outcome = await work(context, this.#view.id)
      this.#end({ state: 'done', outcome, generation: outcome.generation, kid: outcome.kid })
      step(undefined)
    } catch (error) {
      this.#end({ state: 'failed', problem: problemOf(error) })
      if (!(error instanceof KeyturnError)) this.#parts.onFailure(error)
      step(error)
    }
    await this.#written
  }

  #end(change: Partial<RotationView>): void {
    this.#show({ ...this.#view, ...change, phase: 'ended', endedAt: new Date().toISOString() })
  }

  /** Views are written one after the other; the newest is what counts. */
  #show(view: RotationView): void {
    this.#view = view
    this.#wake()
    this.#changed = new Promise(resolve => (this.#wake = resolve))
    this.#written = this.#written
      .then(() => (this.#view === view ? this.#parts.records.update(view) : undefined))
      .catch((error: unknown) => this.#parts.onFailure(error))
  }
}

function problemOf(error: unknown): RotationView['problem'] {
  const known = error instanceof KeyturnError ? error : new KeyturnError('ERR_HUB_INTERNAL')
  return { code: known.code, detail: known.message, fix: known.fix, exit: known.exitCode }
}
