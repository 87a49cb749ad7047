/** RingWatch: what the listeners of one ring are told, looked at once for all of them. */
import { createHash } from 'node:crypto'
import type { Fleet } from 'keyturn/rotation'
import type { Hub } from '../hub.ts'
import type { RotationView } from '../rotations/rotation-view.ts'
import { eventText, type EventStream } from './event-stream.ts'
import { fleetAt, heldRing } from './fleet-view.ts'
import { stateEvent } from './ring-streams.ts'

/** Rotations that are looked at: an emergency ends the one before it, which is told as well. */
const mostRotations = 5

/** The texts of the events, by what they are about. */
type Told = ReadonlyMap<string, string>

export class RingWatch {
  readonly #hub: Hub
  readonly #ring: string
  readonly #stop: () => void
  /** Whether each has been told how everything is. */
  readonly #listeners = new Map<EventStream, boolean>()
  #told: Told = new Map()
  #looking: Promise<void> | undefined

  constructor(hub: Hub, ring: string) {
    this.#hub = hub
    this.#ring = ring
    this.#stop = hub.feed.subscribe(ring, state => {
      for (const listener of this.#listeners.keys()) listener.write(stateEvent(state))
    })
  }

  get listeners(): Iterable<EventStream> {
    return this.#listeners.keys()
  }

  get isAlone(): boolean {
    return this.#listeners.size === 0
  }

  add(listener: EventStream): void {
    this.#listeners.set(listener, false)
    const state = this.#hub.feed.known(this.#ring)?.state
    if (state) listener.write(stateEvent(state))
  }

  remove(listener: EventStream): void {
    this.#listeners.delete(listener)
  }

  /** Nothing is told any more. */
  close(): void {
    this.#stop()
  }

  /** Looks, and tells what is new. One look at a time; what fails is looked at again next time. */
  look(): Promise<void> {
    this.#looking ??= this.#tell()
      .catch(() => undefined)
      .finally(() => (this.#looking = undefined))
    return this.#looking
  }

  async #tell(): Promise<void> {
    const [before, now] = [this.#told, await this.#now()]
    this.#told = now.all
    const news = [...now.all].filter(([name, text]) => before.get(name) !== text).map(([, text]) => text)
    for (const [listener, isGreeted] of this.#listeners) {
      for (const text of isGreeted ? news : now.first) listener.write(text)
      this.#listeners.set(listener, true)
    }
  }

  async #now(): Promise<{ readonly all: Told; readonly first: readonly string[] }> {
    const { fleet } = await fleetAt(this.#hub, await heldRing(this.#hub, this.#ring))
    const rotations = (await this.#hub.records.list(this.#ring, mostRotations)).map(
      each => this.#hub.rotations.viewOf(each.id) ?? each,
    )
    const fleetText = eventText('fleet', { digest: digestOf(standings(fleet)) })
    const countsText = eventText('counts', { digest: digestOf(counts(fleet)) })
    const newest = rotations[0]
    return {
      all: new Map([
        ['fleet', fleetText],
        ['counts', countsText],
        ...rotations.map(each => [`rotation ${each.id}`, rotationEvent(each)] as const),
      ]),
      first: [fleetText, countsText, newest ? rotationEvent(newest) : eventText('rotation', none)],
    }
  }
}

/** Of a ring that nobody has rotated yet. */
const none = { id: null, n: 0, state: null }

const rotationEvent = ({ id, events, state }: RotationView): string =>
  eventText('rotation', { id, n: events.at(-1)?.n ?? 0, state })

/** Everything of a fleet but what changes with every heartbeat. */
const standings = ({ instances }: Fleet): unknown =>
  instances.map(({ lease, standing }) => {
    const { instance, epoch, generation, nack, startedAt } = lease
    return [instance, standing, epoch, generation, startedAt, nack?.generation ?? null, nack?.code ?? null]
  })

const counts = ({ instances }: Fleet): unknown =>
  instances.map(({ lease: { instance, startedAt, counters } }) => [instance, startedAt, counters])

/** The same for the same, whatever the order. */
function digestOf(rows: unknown): string {
  const texts = (rows as unknown[]).map(row => JSON.stringify(row)).sort()
  return createHash('sha256').update(texts.join('\n')).digest('base64url').slice(0, 16)
}
