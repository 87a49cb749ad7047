/** Scheduler: virtual time. One event at a time, and everything it sets off is done before the next one. */

interface Event {
  readonly at: number
  /** Events of one moment happen in the order in which they were planned. */
  readonly order: number
  readonly action: () => void
  isCancelled: boolean
}

const isBefore = (a: Event, b: Event): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)

export class Scheduler {
  /** True time since the start of the run, in whole milliseconds. No process sees it. */
  now = 0
  /** Events so far. */
  count = 0
  /** A heap: no event is earlier than the one at half its index. */
  readonly #heap: Event[] = []
  #planned = 0

  /** Plans an event so many milliseconds from now. Returns a function that cancels it. */
  after(milliseconds: number, action: () => void): () => void {
    const at = this.now + Math.max(0, Math.ceil(milliseconds))
    const event: Event = { at, order: this.#planned++, action, isCancelled: false }
    const heap = this.#heap
    let index = heap.push(event) - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      const above = heap[parent]!
      if (!isBefore(event, above)) break
      heap[index] = above
      index = parent
    }
    heap[index] = event
    return () => (event.isCancelled = true)
  }

  /** Runs until told to end. @param hasEnded asked after each event */
  run(hasEnded: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const step = (): void => {
        try {
          if (hasEnded()) return resolve()
          let event = this.#next()
          while (event?.isCancelled) event = this.#next()
          if (!event) return resolve()
          this.now = event.at
          this.count += 1
          event.action()
        } catch (error) {
          return reject(new Error('an event failed', { cause: error }))
        }
        // Promises that the event settled go on before the next immediate.
        setImmediate(step)
      }
      setImmediate(step)
    })
  }

  #next(): Event | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (!last || heap.length === 0) return first
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1
      if (!isBefore(heap[child]!, last)) break
      heap[index] = heap[child]!
      index = child
    }
    heap[index] = last
    return first
  }
}
