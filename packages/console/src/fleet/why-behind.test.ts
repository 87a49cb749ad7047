import { describe, expect, it } from 'vitest'
import type { InstanceView } from '../api/answers.ts'
import { canForget, whyBehind } from './why-behind.ts'

const now = Date.parse('2026-11-22T10:00:00.000Z')

type Given = Parameters<typeof whyBehind>[0]

const instance = (more: Partial<Given>): Given => ({
  standing: 'acknowledged',
  refused: null,
  clockOffsetSeconds: 0,
  seenAt: '2026-11-22T09:59:00.000Z',
  generation: 14,
  ...more,
})

describe('whyBehind', () => {
  it.each<[Partial<Given>, object]>([
    [{}, { case: 'none' }],
    [{ standing: 'lost' }, { case: 'silent', seconds: 60 }],
    [{ standing: 'fenced' }, { case: 'fenced', seconds: 60 }],
    [{ standing: 'dead' }, { case: 'dead' }],
    [
      { standing: 'refused', refused: { generation: 14, code: 'ERR_RING_EDITED' } },
      { case: 'refused', code: 'ERR_RING_EDITED' },
    ],
    [
      { standing: 'clock', clockOffsetSeconds: 95.4 },
      { case: 'clockAhead', seconds: 95 },
    ],
    [
      { standing: 'clock', clockOffsetSeconds: -31 },
      { case: 'clockBehind', seconds: 31 },
    ],
    [
      { standing: 'behind', generation: 13 },
      { case: 'generation', held: 13, newest: 14 },
    ],
    [{ standing: 'behind' }, { case: 'proof', held: 14, newest: 14 }],
  ])('%j', (given, expected) => expect(whyBehind(instance(given), 14, now)).toEqual(expected))

  it('says nothing negative of a contact that the clocks put into the future', () => {
    const why = whyBehind(instance({ standing: 'lost', seenAt: '2026-11-22T10:00:05.000Z' }), 14, now)
    expect(why).toEqual({ case: 'silent', seconds: 0 })
  })
})

it('only whoever is silent can be forgotten, as the hub has it', () => {
  const all: InstanceView['standing'][] = [
    'acknowledged',
    'behind',
    'refused',
    'clock',
    'lost',
    'fenced',
    'dead',
  ]
  expect(all.filter(canForget)).toEqual(['lost', 'fenced', 'dead'])
})
