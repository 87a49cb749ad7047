import { describe, expect, it, vi } from 'vitest'
import { hubNow, noteHubDate, noteHubTime } from './use-now.ts'

describe('hubNow', () => {
  it('is the clock of the hub: first by the header of an answer, then by what says it exactly', () => {
    vi.useFakeTimers({ now: 5_000_000 })
    try {
      expect(hubNow()).toBe(5_000_000)
      noteHubDate(null)
      noteHubDate('no date')
      expect(hubNow()).toBe(5_000_000)
      noteHubDate(new Date(1_000_000).toUTCString())
      expect(hubNow()).toBe(1_000_000)
      noteHubTime(1_000_700)
      noteHubDate(new Date(1_000_000).toUTCString())
      vi.advanceTimersByTime(300)
      expect(hubNow()).toBe(1_001_000)
    } finally {
      vi.useRealTimers()
    }
  })
})
