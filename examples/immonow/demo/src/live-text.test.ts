import { describe, expect, it } from 'vitest'
import { liveText } from './live-text.ts'

const state = {
  second: 61,
  requests: 900,
  perSecond: 148,
  refused: 60,
  signedIn: 10,
  signedOut: 20,
  kid: 'F3xQm9Zb7hAa0Lr_',
  generations: [3, undefined, 2],
}

describe('liveText', () => {
  it('shows requests, refusals, people, the key and the generation of each process', () => {
    expect(liveText(state, Infinity)).toBe(
      '01:01  900 requests, 148/s  60 refused  signed out: 20 … logging in again  key F3xQm9Zb7hAa0Lr_  generation 3 ? 2',
    )
  })

  it('fits a narrow screen', () => {
    expect(liveText({ ...state, signedIn: 30, signedOut: 0 }, 79)).toBe(
      '01:01  900 requests, 148/s  60 refused  30 signed in  key F3xQm9…  gen 3 ? 2',
    )
    for (const width of [79, 69, 60]) expect(liveText(state, width).length).toBeLessThanOrEqual(width)
  })
})
