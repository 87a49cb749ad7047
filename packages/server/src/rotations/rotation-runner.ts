/** RotationRunner: runs rotations in this replica, and keeps their course where every replica sees it. */
import { randomBytes } from 'node:crypto'
import { RingError } from 'keyturn'
import { isInterrupted, Run, Stopping, type RunnerParts, type Work } from './rotation-run.ts'
import type { RotationView } from './rotation-view.ts'

export interface Started {
  readonly kind: RotationView['kind']
  readonly mode: RotationView['mode']
  readonly ring: string
  /** Of rotations of several environments, all or none. */
  readonly group?: string
  readonly reason: string
  readonly cause?: RotationView['cause']
  readonly actor: string
  readonly wait: RotationView['wait']
}

export class RotationRunner {
  readonly #parts: RunnerParts
  readonly #running = new Map<string, Run>()
  /** Written down, not begun yet. */
  readonly #beginning = new Set<string>()
  readonly #stop = new AbortController()

  constructor(parts: RunnerParts) {
    this.#parts = parts
  }

  /** Ids of what this replica works on. */
  get running(): readonly string[] {
    return [...this.#running.keys(), ...this.#beginning]
  }

  /**
   * Starts the work, and returns when its first step is done: what a guard refuses is thrown here, and leaves no trace.
   * @param id its own, if it has one already
   * @throws what the work throws before anything has changed
   */
  async start(
    started: Started,
    work: Work,
    id = randomBytes(9).toString('base64url'),
  ): Promise<RotationView> {
    const { records } = this.#parts
    const view = await this.#viewOf(started, id)
    // Between the two, nobody takes it for one that was left behind.
    this.#beginning.add(id)
    try {
      await records.put(view)
      return await this.#firstStep(this.#begin(view, work))
    } catch (error) {
      // Without the database nobody knows what has become of it: whoever takes it over finds out.
      if (!isInterrupted(error)) await records.remove(id)
      throw error
    } finally {
      this.#beginning.delete(id)
    }
  }

  /**
   * Goes on with an operation that was left unfinished, under its own id. Its record changes with the first step: until
   * then it may be somebody else's.
   * @throws {RingError} ERR_RING_OPERATION while this replica works on it; what the work throws before its first step
   */
  async resume(started: Started, work: Work, id: string): Promise<RotationView> {
    if (this.running.includes(id))
      throw new RingError('ERR_RING_OPERATION', `the ${started.mode} operation ${id} is running`)
    const before = await this.#parts.records.find(id)
    const view = await this.#viewOf(started, id)
    const { group, startedAt, events, kid, generation } = before ?? view
    const next = { ...view, phase: 'gate' as const, group, startedAt, events, kid, generation }
    return this.#firstStep(this.#begin(next, work, { isRecorded: false }))
  }

  /** Goes on with what a replica left behind that is gone. */
  takeOver(view: RotationView, work: Work): Promise<void> {
    return this.#begin({ ...view, replica: this.#parts.replica }, work).ended
  }

  /** The newest view, if this replica works on it. */
  viewOf(id: string): RotationView | undefined {
    return this.#running.get(id)?.view
  }

  /** Waits until something after event `seen` happened, or its end is written down, if this replica works on it. */
  async next(id: string, seen: number, wait: Promise<void>): Promise<void> {
    const run = this.#running.get(id)
    if (!run) return
    await run.after(seen, wait)
    if (run.view.state !== 'running') await Promise.race([run.ended, wait])
  }

  /** Waits until the end is written down, if this replica works on it. */
  async ended(id: string): Promise<void> {
    await this.#running.get(id)?.ended
  }

  /** Waits until everything that runs has been written down. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.#running.values()].map(run => run.ended))
  }

  /** Lets go of everything: the next start, or another replica, goes on with it. */
  async stop(): Promise<void> {
    this.#stop.abort(new Stopping())
    await this.settled()
  }

  async #viewOf(started: Started, id: string): Promise<RotationView> {
    const { replica, now } = this.#parts
    return {
      id,
      ...started,
      group: started.group ?? null,
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
  }

  async #firstStep(run: Run): Promise<RotationView> {
    const refusal = await run.firstStep
    if (refusal === undefined) {
      // Another replica must not show it as it ended before.
      await run.recorded
      return run.view
    }
    await run.ended
    throw refusal
  }

  #begin(view: RotationView, work: Work, { isRecorded = true } = {}): Run {
    const run = new Run(view, work, { ...this.#parts, stop: this.#stop.signal, isRecorded })
    this.#running.set(view.id, run)
    void run.ended.finally(() => this.#running.delete(view.id))
    return run
  }
}
