/** activity: whether somebody has done something on this page lately. */

/** Milliseconds. */
const recent = 60_000

class Activity {
  #last = performance.now()

  constructor() {
    const note = (): void => void (this.#last = performance.now())
    // Screen readers and voice control send a click alone.
    for (const type of ['pointerdown', 'keydown', 'wheel', 'touchstart', 'click'])
      addEventListener(type, note, { passive: true, capture: true })
  }

  isRecent(): boolean {
    return performance.now() - this.#last < recent
  }
}

export const activity = new Activity()
