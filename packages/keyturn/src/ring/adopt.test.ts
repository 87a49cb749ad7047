/** How a ring begins: created, taken over, or adopted with a weak secret. */
import { describe, expect, it } from 'vitest'
import { hour, key, limits, newKey, now, statesOf } from '../../test/ring-fixtures.ts'
import { adoptLegacy, bounded, create, emptyDocument, initialise } from './adopt.ts'
import { getKey } from './keys.ts'
import { parseDocument } from './parse.ts'
import { stage } from './stage.ts'

const name = 'immonow/production'
const byHand = emptyDocument(name, limits, [
  key('a', 'active', { createdAt: null }),
  key('b', 'retiring', { createdAt: null }),
  key('c', 'suspended', { createdAt: null }),
])

it('a ring that is created has one key, which signs at generation 1', () => {
  const ring = create(name, limits, newKey('a'), now)
  expect(ring).toMatchObject({ ring: name, generation: 1, cutoff: 0, floor: 0, undo: [], operation: null })
  expect(ring.keys).toEqual([{ ...newKey('a'), state: 'active', activatedAt: now }])
})

it('a ring that was set by hand is taken over with its keys as they are', () => {
  const ring = initialise(byHand, { ...limits, maxTokenLife: 900 })
  expect(ring).toMatchObject({ generation: 1, keys: byHand.keys, limits: { maxTokenLife: 900 } })
})

describe('adoptLegacy', () => {
  const weak = emptyDocument(name, limits, [key('weak', 'active', { createdAt: null })])
  const adopted = adoptLegacy(weak, {
    kid: 'random',
    fresh: newKey('fresh'),
    aliases: ['key-1'],
    limits,
    now,
  })

  it('lets the weak secret verify until the grace ends, and a fresh key sign', () => {
    expect(getKey(adopted, 'key-1')).toMatchObject({
      kid: 'random',
      state: 'retiring',
      legacy: true,
      verifyUntil: now + limits.grace,
    })
    expect(statesOf(adopted, 'fresh', 'weak')).toEqual(['active', 'destroyed'])
  })

  it('ends no session', () => expect(adopted).toMatchObject({ generation: 1, cutoff: 0, floor: 0 }))

  it('can never sign: a document in which it does is refused', () => {
    const signing = {
      ...adopted,
      keys: adopted.keys.map(each => ({ ...each, state: each.legacy ? 'active' : 'staged' })),
    }
    expect(() => parseDocument(signing)).toThrow(expect.objectContaining({ code: 'ERR_RING_INVALID' }))
  })

  it('needs no aliases', () => {
    const plain = adoptLegacy(weak, { kid: 'random', fresh: newKey('fresh'), limits, now })
    expect(getKey(plain, 'random')).not.toHaveProperty('aliases')
  })
})

describe('bounded', () => {
  it('gives the old keys of a ring set by hand the ordinary ends, from its first change on', () => {
    const ring = bounded(byHand, now)
    expect(getKey(ring, 'b').verifyUntil).toBe(now + limits.grace)
    expect(getKey(ring, 'c').holdUntil).toBe(now + limits.hold)
    expect(ring.generation).toBe(0)
  })

  it('leaves ends alone that are there, and rings that have changed before', () => {
    const ended = emptyDocument(name, limits, [
      key('a', 'active'),
      key('b', 'retiring', { verifyUntil: now + hour }),
    ])
    expect(bounded(ended, now)).toEqual(ended)
    const changed = stage(byHand, newKey('n'))
    expect(bounded(changed, now)).toBe(changed)
  })
})
