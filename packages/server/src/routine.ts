/** Routine: something done again and again, never twice at once. */

export class Routine {
  readonly name: string
  readonly #every: number
  readonly #action: () => Promise<void>
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> = Promise.resolve()
  #isStopped = false

  /** @param every milliseconds between the end of one and the beginning of the next */
  constructor(name: string, every: number, action: () => Promise<void>) {
    this.name = name
    this.#every = every
    this.#action = action
  }

  /** @param onFailure what fails is tried again next time */
  start(onFailure: (error: unknown) => void): void {
    if (this.#isStopped) return
    this.#timer = setTimeout(() => {
      this.#running = this.#action()
        .catch(onFailure)
        .finally(() => this.start(onFailure))
    }, this.#every)
    this.#timer.unref()
  }

  /** Returns when what runs has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    await this.#running
  }
}
