import { describe, expect, it } from 'vitest'
import { Coalesced } from './coalesced.ts'

/** Work whose ends a test decides. */
function handWork() {
  const ends: { resolve: (value: number) => void; reject: (error: Error) => void }[] = []
  const work = new Coalesced(
    () => new Promise<number>((resolve, reject) => void ends.push({ resolve, reject })),
  )
  return { work, ends }
}
const settled = () => new Promise(setImmediate)

describe('Coalesced', () => {
  it('begins at once when nothing runs', async () => {
    const { work, ends } = handWork()
    void work.ask()
    await settled()
    expect(ends).toHaveLength(1)
  })

  it('begins one run for all who ask while another runs, after it, and answers them with that run', async () => {
    const { work, ends } = handWork()
    const first = work.ask()
    await settled()
    const others = Array.from({ length: 1000 }, () => work.ask())
    await settled()
    expect(ends).toHaveLength(1)
    ends[0]?.resolve(1)
    expect(await first).toBe(1)
    await settled()
    expect(ends).toHaveLength(2)
    ends[1]?.resolve(2)
    expect(new Set(await Promise.all(others))).toEqual(new Set([2]))
    await settled()
    expect(ends).toHaveLength(2)
  })

  it('who asks while the second runs waits for a third', async () => {
    const { work, ends } = handWork()
    void work.ask()
    await settled()
    void work.ask()
    ends[0]?.resolve(1)
    await settled()
    expect(ends).toHaveLength(2)
    const late = work.ask()
    ends[1]?.resolve(2)
    await settled()
    ends[2]?.resolve(3)
    expect(await late).toBe(3)
  })

  it('a failure is told to those who asked for that run, and to nobody else', async () => {
    const { work, ends } = handWork()
    const first = work.ask()
    await settled()
    const second = work.ask()
    ends[0]?.reject(new Error('away'))
    await expect(first).rejects.toThrow('away')
    await settled()
    ends[1]?.resolve(2)
    expect(await second).toBe(2)
    const third = work.ask()
    await settled()
    ends[2]?.resolve(3)
    expect(await third).toBe(3)
  })

  it('who asks in the moment in which a run ends gets a run that begins after it', async () => {
    const { work, ends } = handWork()
    const late = work.ask().then(async () => {
      const answer = work.ask()
      await settled()
      expect(ends).toHaveLength(2)
      ends[1]?.resolve(2)
      return answer
    })
    await settled()
    ends[0]?.resolve(1)
    expect(await late).toBe(2)
  })

  it('keeps a distance between two runs, and begins no run before it was asked for', async () => {
    const begins: number[] = []
    const work = new Coalesced(async () => void begins.push(performance.now()), 30)
    for (let turn = 0; turn < 4; turn += 1) {
      const asked = performance.now()
      await work.ask()
      expect(begins.at(-1)).toBeGreaterThanOrEqual(asked)
    }
    expect(begins).toHaveLength(4)
    // Timers are exact to a millisecond.
    for (const [at, begin] of begins.slice(1).entries()) expect(begin - (begins[at] ?? 0)).toBeGreaterThan(28)
  })
})
