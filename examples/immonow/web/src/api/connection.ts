/** Connection: whether requests are waiting for the server to come back. */

export class Connection {
  #waiting = 0
  readonly #listeners = new Set<() => void>()

  get isReconnecting(): boolean {
    return this.#waiting > 0
  }

  readonly waiting = (isWaiting: boolean): void => {
    this.#waiting += isWaiting ? 1 : -1
    for (const listener of this.#listeners) listener()
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}

/** Rejects when the signal aborts. */
export const sleep = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const aborted = (): void => {
      clearTimeout(timer)
      reject(signal?.reason as Error)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', aborted)
      resolve()
    }, milliseconds)
    signal?.addEventListener('abort', aborted, { once: true })
  })
