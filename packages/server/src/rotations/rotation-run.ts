/** Run: one rotation at work, and its course as it is written down. */
import { KeyturnError, StoreError } from 'keyturn'
import type { RotationContext, RotationEvent } from 'keyturn/rotation'
import type { RotationRecords } from './rotation-records.ts'
import { withEvent, type RotationView, type ViewOutcome } from './rotation-view.ts'

/** What is to be run: it is given its id and its context, and says how it ended. */
export type Work = (context: RotationContext, id: string) => Promise<ViewOutcome>

/** What every rotation of a replica works with. */
export interface RunnerParts {
  readonly records: RotationRecords
  /** Id of this replica. */
  readonly replica: string
  readonly contextOf: (ring: string, actor: string, report: (event: RotationEvent) => void) => RotationContext
  /** The database's clock. */
  readonly now: () => Promise<number>
  /** Nobody waits for what is written in the background. */
  readonly onFailure: (error: unknown) => void
}

/** This replica stops: what it works on is left as it is, for the next one. */
export class Stopping extends StoreError {
  constructor() {
    super('ERR_STORE_UNREACHABLE', 'this hub is stopping')
  }
}

export interface RunParts extends RunnerParts {
  readonly stop: AbortSignal
  /** Whether its view is written down already. */
  readonly isRecorded: boolean
}

export class Run {
  /** Undefined once a change was made, or the error that came before any. */
  readonly firstStep: Promise<Error | undefined>
  /** Its record is its own, if it was another's before; at once, if it was never. */
  readonly recorded: Promise<void>
  readonly ended: Promise<void>
  #view: RotationView
  readonly #parts: RunParts
  #written: Promise<void>
  #isSilent = false
  #wake: (value: false) => void = () => undefined
  #changed: Promise<false>

  constructor(view: RotationView, work: Work, parts: RunParts) {
    this.#view = view
    this.#parts = parts
    this.#changed = new Promise(resolve => (this.#wake = resolve))
    let step: (refusal: Error | undefined) => void = () => undefined
    this.firstStep = new Promise(resolve => (step = resolve))
    this.recorded = parts.isRecorded ? Promise.resolve() : this.#recordedLater()
    this.#written = this.recorded
    const context = parts.contextOf(view.ring, view.actor, event => {
      const next = withEvent(this.#view, event, Date.now())
      if (next !== this.#view) this.#show(next)
      if (event.type !== 'adopted') step(undefined)
    })
    this.ended = this.#work(untilStop(context, parts.stop), work, step)
  }

  get view(): RotationView {
    return this.#view
  }

  /** Until an event after `seen`, the end, or the promise. */
  async after(seen: number, wait: Promise<void>): Promise<void> {
    const over = wait.then(() => true)
    for (;;) {
      if (this.#view.state !== 'running' || (this.#view.events.at(-1)?.n ?? 0) > seen) return
      if (await Promise.race([this.#changed, over])) return
    }
  }

  async #work(
    context: RotationContext,
    work: Work,
    step: (refusal: Error | undefined) => void,
  ): Promise<void> {
    try {
      const outcome = await work(context, this.#view.id)
      this.#end({ state: 'done', outcome, generation: outcome.generation, kid: outcome.kid })
      step(undefined)
    } catch (error) {
      // What loses its database, or its hub, has not failed: somebody goes on with it.
      if (!isInterrupted(error) || this.#isWorn) this.#end({ state: 'failed', problem: problemOf(error) })
      if (!(error instanceof KeyturnError)) this.#parts.onFailure(error)
      step(error instanceof Error ? error : new KeyturnError('ERR_HUB_INTERNAL'))
    }
    await this.#written
  }

  /** A database that fails each time is no interruption. */
  get #isWorn(): boolean {
    return this.#view.events.filter(({ type }) => type === 'resumed').length >= mostResumed
  }

  #end(change: Partial<RotationView>): void {
    this.#show({ ...this.#view, ...change, phase: 'ended', endedAt: new Date().toISOString() })
  }

  /** Views are written one after the other; the newest is what counts. */
  #show(view: RotationView): void {
    this.#view = view
    this.#wake(false)
    this.#changed = new Promise(resolve => (this.#wake = resolve))
    this.#written = this.#written
      .then(() => (this.#view === view && !this.#isSilent ? this.#parts.records.update(view) : undefined))
      .catch((error: unknown) => this.#parts.onFailure(error))
  }

  /** Nothing is written before the first step, and nothing at all when that is refused. */
  async #recordedLater(): Promise<void> {
    this.#isSilent = (await this.firstStep) !== undefined
    if (this.#isSilent) return
    await this.#parts.records.put(this.#view).catch((error: unknown) => this.#parts.onFailure(error))
  }
}

/** How often one rotation is taken up again. */
const mostResumed = 20

/** Every step of a rotation begins with a read: there it stops, and takes its controller's lease away. */
function untilStop(context: RotationContext, stop: AbortSignal): RotationContext {
  const { store } = context
  return {
    ...context,
    store: {
      name: store.name,
      now: () => store.now(),
      compareAndSwap: (expected, next) => store.compareAndSwap(expected, next),
      read: () => {
        if (stop.aborted) return Promise.reject(stop.reason as Stopping)
        return store.read()
      },
    },
  }
}

/** Whether it is not known what has become of it. */
export const isInterrupted = (error: unknown): boolean =>
  error instanceof KeyturnError && error.code === 'ERR_STORE_UNREACHABLE'

function problemOf(error: unknown): RotationView['problem'] {
  const known = error instanceof KeyturnError ? error : new KeyturnError('ERR_HUB_INTERNAL')
  return { code: known.code, detail: known.message, fix: known.fix, exit: known.exitCode }
}
