/** retire, destroy, expire: how a key leaves. */
import { describe, expect, it } from 'vitest'
import { documentOf, hour, key, limits, now, operationOf, statesOf } from '../../test/ring-fixtures.ts'
import { getKey } from './keys.ts'
import { destroy, expire, lastTokenEnds, retire, withoutDue } from './retire.ts'

const { maxTokenLife, maxStale, tolerance, hold } = limits
const lastEnd = maxTokenLife + maxStale + tolerance
const retiring = key('old', 'retiring', { deactivatedAt: now - lastEnd, verifyUntil: now + 40 * hour })
const document = documentOf([key('active', 'active'), retiring], {
  undo: [
    { generation: 8, mode: 'graceful', from: 'x', to: 'old', cutoff: 0, retiring: [['old', now]] },
    { generation: 9, mode: 'graceful', from: 'old', to: 'active', cutoff: 0, retiring: [] },
  ],
})

describe('retire', () => {
  it('suspends a key whose last honest token has expired everywhere', () => {
    expect(lastTokenEnds(document, retiring)).toBe(now)
    const after = retire(document, 'old', { now })
    expect(getKey(after, 'old')).toMatchObject({ state: 'suspended', holdUntil: now + hold })
  })

  it('refuses one second earlier, and does it with force', () => {
    expect(() => retire(document, 'old', { now: now - 1 })).toThrow(
      expect.objectContaining({ code: 'ERR_RING_KEY_OUTSTANDING' }),
    )
    expect(statesOf(retire(document, 'old', { now: now - 1, force: true }), 'old')).toEqual(['suspended'])
  })

  it.each([
    ['a legacy key', { legacy: true as const, verifyUntil: now + 1 }],
    ['a key that a person set by hand', { createdAt: null, verifyUntil: now + 1 }],
    ['a key without any end', { createdAt: null }],
  ])('does not guess about the tokens of %s', (_, more) => {
    const guessed = documentOf([key('active', 'active'), key('old', 'retiring', more)])
    expect(() => retire(guessed, 'old', { now })).toThrow(
      expect.objectContaining({ code: 'ERR_RING_KEY_OUTSTANDING' }),
    )
  })

  it.each([
    ['ERR_RING_KEY_ACTIVE', 'active'],
    ['ERR_RING_KEY_NOT_FOUND', 'nobody'],
    ['ERR_RING_KEY_STATE', 'gone'],
  ])('refuses with %s', (code, kid) => {
    const gone = { ...document, keys: [...document.keys, key('gone', 'compromised')] }
    expect(() => retire(gone, kid, { now, force: true })).toThrow(expect.objectContaining({ code }))
  })
})

describe('destroy', () => {
  it('erases what is not needed to verify anything', () => {
    const more = documentOf([...document.keys, key('s', 'suspended'), key('n', 'staged')])
    expect(statesOf(destroy(more, 's'), 's', 'n')).toEqual(['destroyed', 'staged'])
    expect(statesOf(destroy(more, 'n'), 's', 'n')).toEqual(['suspended', 'destroyed'])
  })

  it('makes the rotation away from that key one that cannot be rolled back', () => {
    const suspended = documentOf([key('active', 'active'), key('old', 'suspended')], { undo: document.undo })
    expect(destroy(suspended, 'old').undo).toEqual([])
  })

  it('finds nothing to erase that the ring does not have', () => {
    expect(() => destroy(document, 'nobody')).toThrow(
      expect.objectContaining({ code: 'ERR_RING_KEY_NOT_FOUND' }),
    )
  })
})

describe('expire', () => {
  const aging = documentOf(
    [
      key('active', 'active', { activatedAt: 0 }),
      key('staged', 'staged'),
      key('r', 'retiring', { verifyUntil: now }),
      key('s', 'suspended', { verifyUntil: now - 9, holdUntil: now }),
      key('endless', 'retiring', { createdAt: null }),
      key('dead', 'compromised'),
    ],
    { operation: operationOf('staged') },
  )

  it('erases at the very second, not before', () => {
    expect(expire(aging, now - 1)).toBe(aging)
    const after = expire(aging, now)
    expect(after.keys.map(({ kid }) => kid)).toEqual(['active', 'staged', 'endless', 'dead'])
    expect(after).toMatchObject({ generation: 11, operation: aging.operation })
  })

  it('leaves the generation alone where due keys go with another change', () => {
    expect(withoutDue(aging, now).generation).toBe(aging.generation)
    expect(withoutDue(aging, now - 1)).toBe(aging)
  })
})
