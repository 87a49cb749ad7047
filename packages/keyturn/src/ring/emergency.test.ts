/** Emergencies: of the whole ring, of one key, and in the middle of something else. */
import { describe, expect, it } from 'vitest'
import { documentOf, key, limits, newKey, now, operationOf, statesOf } from '../../test/ring-fixtures.ts'
import { assertSound } from './advance.ts'
import { maxKeys, type Undo } from './document.ts'
import { emergency } from './emergency.ts'
import { getKey, keysWithBytes } from './keys.ts'
import { rollbackTarget } from './rollback.ts'

const fresh = newKey('fresh')
const undoOf = (from: string, to: string): Undo => ({
  generation: 5,
  mode: 'graceful',
  from,
  to,
  cutoff: 0,
  retiring: [],
})

describe('emergency', () => {
  it('leaves one key with bytes in a full ring', () => {
    const others = Array.from({ length: maxKeys - 1 }, (_, index) => key(`s${index}`, 'suspended'))
    const after = emergency(documentOf([key('a', 'active'), ...others]), { fresh, now })
    expect(keysWithBytes(after).map(({ kid }) => kid)).toEqual(['fresh'])
    expect(after.keys).toHaveLength(maxKeys + 1)
  })

  it('drops what runs and what could be rolled back', () => {
    const document = documentOf([key('a', 'active'), key('b', 'retiring'), key('c', 'staged')], {
      operation: operationOf('c'),
      undo: [undoOf('b', 'a')],
    })
    expect(emergency(document, { fresh, now })).toMatchObject({ operation: null, undo: [] })
  })

  it('notes when the active key stopped signing, and keeps no other end', () => {
    const after = emergency(
      documentOf([key('a', 'active'), key('b', 'retiring', { verifyUntil: now + 9 })]),
      {
        fresh,
        now,
      },
    )
    expect(getKey(after, 'a')).toMatchObject({ deactivatedAt: now })
    expect(getKey(after, 'b')).not.toHaveProperty('verifyUntil')
  })

  it('compromises a key that was replaced by hand too, so that its value cannot be pasted back', () => {
    const lost = key('b', 'suspended', { bytesLost: true })
    expect(statesOf(emergency(documentOf([key('a', 'active'), lost]), { fresh, now }), 'b')).toEqual([
      'compromised',
    ])
  })

  it('can follow another one: the floor rises', () => {
    const once = emergency(documentOf([key('a', 'active')]), { fresh, now })
    const twice = emergency(once, { fresh: newKey('fresher'), now })
    expect([once.floor, twice.floor]).toEqual([11, 12])
    expect(statesOf(twice, 'a', 'fresh', 'fresher')).toEqual(['compromised', 'compromised', 'active'])
  })
})

describe('emergency --kid', () => {
  const keys = [key('a', 'active'), key('b', 'retiring'), key('c', 'suspended'), key('d', 'staged')]

  it('names a key by an alias too', () => {
    const document = documentOf([key('a', 'active'), key('b', 'retiring', { aliases: ['key-1'] })])
    const after = emergency(document, { fresh, now, kid: 'key-1' })
    expect(getKey(after, 'key-1')).toMatchObject({ kid: 'b', state: 'compromised' })
  })

  it('brings in a fresh key only for the active one', () => {
    const document = documentOf(keys)
    const after = emergency(document, { fresh, now, kid: 'b' })
    expect(after.keys.map(({ kid }) => kid)).toEqual(['a', 'b', 'c', 'd'])
  })

  it('keeps a staged key that is not named, and drops the operation that staged it', () => {
    const after = emergency(documentOf(keys, { operation: operationOf('d') }), { fresh, now, kid: 'b' })
    expect(statesOf(after, 'a', 'b', 'c', 'd')).toEqual(['active', 'compromised', 'suspended', 'staged'])
    expect(after.operation).toBeNull()
  })

  const rollback = documentOf(keys, {
    operation: operationOf('d', { mode: 'rollback', former: { state: 'suspended', holdUntil: now + 9 } }),
    undo: [undoOf('d', 'a')],
  })

  it('drops a rollback in progress: its target gets its former state', () => {
    const after = emergency(rollback, { fresh, now, kid: 'a' })
    expect(getKey(after, 'd')).toMatchObject({ state: 'suspended', holdUntil: now + 9 })
    expect(statesOf(after, 'a', 'fresh')).toEqual(['compromised', 'active'])
  })

  it('compromises the target of a rollback in progress when that is named', () => {
    const after = emergency(rollback, { fresh, now, kid: 'd', keepSessions: true })
    expect(statesOf(after, 'a', 'd')).toEqual(['active', 'compromised'])
    expect(after).toMatchObject({ operation: null, undo: [], cutoff: 0, floor: 0 })
  })

  it('makes the rotation away from a compromised key one that cannot be rolled back', () => {
    const document = documentOf(keys.slice(0, 3), { undo: [undoOf('c', 'b'), undoOf('b', 'a')] })
    const after = emergency(document, { fresh, now, kid: 'b' })
    expect(() => rollbackTarget(after, now)).toThrow(
      expect.objectContaining({ code: 'ERR_RING_KEY_COMPROMISED' }),
    )
    expect(rollbackTarget(after, now, 'c').undoes).toBe(2)
  })

  it('leaves room in a full ring, since the compromised key has no bytes any more', () => {
    const others = Array.from({ length: maxKeys - 1 }, (_, index) =>
      key(`r${index}`, 'retiring', { verifyUntil: now + limits.grace }),
    )
    const after = emergency(documentOf([key('a', 'active'), ...others]), { fresh, now, kid: 'a' })
    expect(keysWithBytes(after)).toHaveLength(maxKeys)
  })
})

describe('emergency in a ring that was set back', () => {
  const restored = { seen: { epoch: 2, generation: 40 }, compromised: ['gone', 'b'] }
  const document = documentOf(
    [
      key('a', 'active', { aliases: ['key-1'] }),
      key('b', 'retiring'),
      key('c', 'suspended'),
      key('d', 'staged'),
    ],
    { operation: operationOf('d') },
  )
  const all = ['a', 'b', 'c', 'd', 'gone']

  it.each([
    ['without a kid', {}, all],
    ['with a kid, whatever stays otherwise', { kid: 'b', keepSessions: true }, all],
    ['with an alias', { kid: 'key-1' }, all],
    ['with a kid that the ring has forgotten', { kid: 'later' }, [...all, 'later']],
  ] as const)('kills every key, also those that only others know: %s', (_, options, dead) => {
    const after = emergency(document, { fresh, now, restored, ...options })
    expect(Object.fromEntries(after.keys.map(({ kid, state }) => [kid, state]))).toEqual({
      ...Object.fromEntries(dead.map(kid => [kid, 'compromised'])),
      fresh: 'active',
    })
    expect(after).toMatchObject({
      epoch: 3,
      generation: 41,
      cutoff: 41,
      floor: 41,
      operation: null,
      undo: [],
    })
    assertSound(after)
  })

  it('leaves out what no key can be called: a document with it could not be read', () => {
    const compromised = ['no kid', '', 'x'.repeat(257)]
    const after = emergency(document, { fresh, now, kid: 'nor this', restored: { ...restored, compromised } })
    expect(after.keys.map(({ kid }) => kid).sort()).toEqual(['a', 'b', 'c', 'd', 'fresh'])
  })
})
