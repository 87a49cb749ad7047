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
  it('begins at once when nothing runs', () => {
    const { work, ends } = handWork()
    void work.ask()
    expect(ends).toHaveLength(1)
  })

  it('begins one run for all who ask while another runs, after it, and answers them with that run', async () => {
    const { work, ends } = handWork()
    const first = work.ask()
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
    void work.ask()
    ends[0]?.resolve(1)
    await settled()
    const late = work.ask()
    ends[1]?.resolve(2)
    await settled()
    ends[2]?.resolve(3)
    expect(await late).toBe(3)
  })

  it('a failure is told to those who asked for that run, and to nobody else', async () => {
    const { work, ends } = handWork()
    const first = work.ask()
    const second = work.ask()
    ends[0]?.reject(new Error('away'))
    await expect(first).rejects.toThrow('away')
    await settled()
    ends[1]?.resolve(2)
    expect(await second).toBe(2)
    const third = work.ask()
    ends[2]?.resolve(3)
    expect(await third).toBe(3)
  })

  it('who asks in the moment in which a run ends gets a run that begins after it', async () => {
    const { work, ends } = handWork()
    const late = work.ask().then(async () => {
      const begun = ends.length
      const answer = work.ask()
      await settled()
      expect(ends.length).toBe(begun + 1)
      ends.at(-1)?.resolve(2)
      return answer
    })
    ends[0]?.resolve(1)
    expect(await late).toBe(2)
  })
})
