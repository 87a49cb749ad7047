/** oneAtATime: work that is asked for again while it runs is done once more after it, however often it was asked for. */

export function oneAtATime(work: (name: string) => Promise<unknown>): (name: string) => void {
  /** What runs, and whether it has been asked for since it began. */
  const running = new Map<string, boolean>()
  const run = async (name: string): Promise<void> => {
    do {
      running.set(name, false)
      await work(name).catch(() => undefined)
    } while (running.get(name))
    running.delete(name)
  }
  return name => {
    if (running.has(name)) running.set(name, true)
    else void run(name)
  }
}
