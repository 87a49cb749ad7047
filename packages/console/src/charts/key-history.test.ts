/** Tests of keyHistory, on rings that the library's own verbs made. */
import {
  activate,
  create,
  emergency,
  movesBetween,
  stage,
  type AuditEntry,
  type Limits,
  type RingDocument,
} from 'keyturn/ring'
import { describe, expect, it } from 'vitest'
import { keyHistory } from './key-history.ts'

const limits: Limits = {
  maxTokenLife: 3600,
  maxStale: 3600,
  tolerance: 60,
  grace: 172_800,
  hold: 172_800,
  lease: 45,
}
const start = 1_800_000_000
const key = (kid: string, createdAt: number) => ({ kid, alg: 'HS256', createdAt }) as const

/** A ring and its trail. */
class Course {
  document: RingDocument = create('shop/test', limits, key('one', start), start)
  readonly entries: AuditEntry[] = [this.#entry(start, [['one', 'new', 'active']])]

  change(now: number, next: (document: RingDocument) => RingDocument): void {
    const before = this.document
    this.document = next(before)
    this.entries.push(this.#entry(now, movesBetween(before, this.document)))
  }

  #entry(now: number, keys: AuditEntry['keys']): AuditEntry {
    return { at: new Date(now * 1000).toISOString(), keys } as AuditEntry
  }
}

function rotated(mode: 'graceful' | 'hard'): Course {
  const course = new Course()
  course.change(start + 100, document => stage(document, key('two', start + 100)))
  course.change(start + 110, document =>
    activate(document, { mode, now: start + 110, grace: limits.grace, hold: limits.hold }),
  )
  return course
}

describe('keyHistory', () => {
  it('shows the overlap: the old key verifies on while the new one signs', () => {
    const { document, entries } = rotated('graceful')
    const now = (start + 200) * 1000
    const [one, two] = keyHistory(document, entries, now)
    expect(one).toMatchObject({
      kid: 'one',
      state: 'retiring',
      killedAt: null,
      spans: [
        { state: 'active', from: start * 1000, to: (start + 110) * 1000, isPlanned: false },
        {
          state: 'retiring',
          from: (start + 110) * 1000,
          to: (start + 110 + limits.grace) * 1000,
          isPlanned: true,
        },
      ],
    })
    expect(two).toMatchObject({
      kid: 'two',
      state: 'active',
      spans: [
        { state: 'staged', from: (start + 100) * 1000, to: (start + 110) * 1000 },
        { state: 'active', from: (start + 110) * 1000, to: now, isPlanned: false },
      ],
    })
  })

  it('shows a hard rotation without an overlap, and what is kept for a rollback', () => {
    const { document, entries } = rotated('hard')
    const [one] = keyHistory(document, entries, (start + 200) * 1000)
    expect(one?.spans.map(({ state }) => state)).toEqual(['active', 'suspended'])
    expect(one?.spans[1]).toMatchObject({ to: (start + 110 + limits.hold) * 1000, isPlanned: true })
  })

  it('says when a key was killed', () => {
    const course = rotated('graceful')
    course.change(start + 300, document =>
      emergency(document, { fresh: key('three', start + 300), now: start + 300 }),
    )
    const lanes = keyHistory(course.document, course.entries, (start + 400) * 1000)
    expect(lanes.map(({ kid, state, killedAt }) => [kid, state, killedAt])).toEqual([
      ['one', 'compromised', (start + 300) * 1000],
      ['two', 'compromised', (start + 300) * 1000],
      ['three', 'active', null],
    ])
    expect(lanes[0]?.spans.at(-1)).toMatchObject({ state: 'retiring', to: (start + 300) * 1000 })
  })

  it('goes on with a key whose beginning the trail does not have', () => {
    const { document, entries } = rotated('graceful')
    const [one, two] = keyHistory(document, entries.slice(2), (start + 200) * 1000)
    expect(one?.spans[0]).toMatchObject({ state: 'active', from: -Infinity })
    expect(two?.spans[0]).toMatchObject({ state: 'staged', from: -Infinity })
    const [active, retiring] = keyHistory(document, [], (start + 200) * 1000)
    expect(new Set([active?.spans[0]?.state, retiring?.spans[0]?.state])).toEqual(
      new Set(['active', 'retiring']),
    )
  })
})
