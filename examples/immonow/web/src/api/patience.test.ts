import { describe, expect, it } from 'vitest'
import { Later, parseRetryAfter, patiently, waitBefore } from './patience.ts'

function watched(): { ports: Parameters<typeof patiently>[1]; sleeps: number[]; notes: boolean[] } {
  const sleeps: number[] = []
  const notes: boolean[] = []
  const ports = {
    sleep: async (milliseconds: number) => void sleeps.push(milliseconds),
    random: () => 0,
    waiting: (isWaiting: boolean) => void notes.push(isWaiting),
  }
  return { ports, sleeps, notes }
}

describe('patiently', () => {
  it('does nothing but the attempt when that succeeds', async () => {
    const { ports, sleeps, notes } = watched()
    expect(await patiently(async () => 'done', ports)).toBe('done')
    expect([sleeps, notes]).toEqual([[], []])
  })

  it('tries again, later each time, and says that it waits', async () => {
    const { ports, sleeps, notes } = watched()
    const answers = [new Later(), new Later(3), new Later(), 'done']
    expect(await patiently(async () => answers.shift() ?? 'too often', ports)).toBe('done')
    expect(sleeps).toEqual([500, 3000, 2000])
    expect(notes).toEqual([true, false])
  })

  it('gives up in the end', async () => {
    const { ports, sleeps, notes } = watched()
    const result = await patiently(async () => new Later(), ports, { budget: 10_000 })
    expect(result).toBeInstanceOf(Later)
    expect(sleeps.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(10_000)
    expect(sleeps.length).toBeGreaterThan(2)
    expect(notes).toEqual([true, false])
  })

  it('does not begin a wait that is longer than its patience', async () => {
    const { ports, sleeps, notes } = watched()
    expect(await patiently(async () => new Later(120), ports)).toEqual(new Later(120))
    expect([sleeps, notes]).toEqual([[], []])
  })

  it('says that the waiting is over when the attempt throws', async () => {
    const { ports, notes } = watched()
    let calls = 0
    const attempt = async (): Promise<Later> => {
      if (calls++ === 0) return new Later()
      throw new Error('broken')
    }
    await expect(patiently(attempt, ports)).rejects.toThrow('broken')
    expect(notes).toEqual([true, false])
  })
})

describe('waitBefore', () => {
  it('obeys Retry-After and adds to it, never takes away', () => {
    for (const random of [0, 0.5, 1]) {
      const wait = waitBefore(1, 4, () => random)
      expect(wait).toBeGreaterThanOrEqual(4000)
      expect(wait).toBeLessThanOrEqual(6000)
    }
    expect(waitBefore(1, 0, () => 1)).toBe(250)
  })

  it('grows without Retry-After, up to a limit', () => {
    const waits = [1, 2, 3, 4, 5, 6, 20].map(number => waitBefore(number, undefined, () => 0))
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 8000, 8000])
  })
})

describe('parseRetryAfter', () => {
  it('reads seconds and dates', () => {
    const now = Date.parse('2027-01-01T00:00:00Z')
    expect(parseRetryAfter('7', now)).toBe(7)
    expect(parseRetryAfter('Fri, 01 Jan 2027 00:00:09 GMT', now)).toBe(9)
    expect(parseRetryAfter('Thu, 31 Dec 2026 00:00:00 GMT', now)).toBe(0)
    for (const header of [null, '', 'soon'])
      expect(parseRetryAfter(header, now), String(header)).toBeUndefined()
  })
})
