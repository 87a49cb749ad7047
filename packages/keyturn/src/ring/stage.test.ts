/** stage, begin, abort, activate: what the transition table does not show. */
import { describe, expect, it } from 'vitest'
import {
  documentOf,
  hour,
  key,
  limits,
  newKey,
  now,
  operationOf,
  statesOf,
} from '../../test/ring-fixtures.ts'
import { activate } from './activate.ts'
import { maxKeys, type RingKey } from './document.ts'
import { getKey } from './keys.ts'
import { abort, begin, stage } from './stage.ts'

const { grace, hold } = limits
const plain = documentOf([key('active', 'active', { activatedAt: now - hour })])

const filled = (state: 'retiring' | 'suspended', count: number): RingKey[] =>
  Array.from({ length: count }, (_, index) =>
    state === 'retiring'
      ? key(`retiring-${index}`, state, { verifyUntil: now + hour })
      : key(`suspended-${index}`, state, { holdUntil: now + hour + (index === 3 ? 0 : 9) }),
  )

describe('stage', () => {
  it('records operation and limits in the same generation', () => {
    const shorter = { ...limits, maxTokenLife: 900 }
    const after = stage(plain, newKey('b'), { operation: operationOf('b'), limits: shorter })
    expect(after).toMatchObject({ generation: 11, operation: { kid: 'b' }, limits: { maxTokenLife: 900 } })
  })

  it('keeps the aliases that an import brings', () => {
    const after = stage(plain, { ...newKey('b'), aliases: ['key-2'] })
    expect(getKey(after, 'key-2')).toMatchObject({ kid: 'b', state: 'staged' })
  })

  it.each([
    ['kid', 'active'],
    ['alias', 'key-1'],
  ])('refuses a key that is in the ring already, by %s', (_, kid) => {
    const document = documentOf([key('active', 'active', { aliases: ['key-1'] })])
    expect(() => stage(document, newKey(kid))).toThrow(
      expect.objectContaining({ code: 'ERR_RING_KEY_EXISTS' }),
    )
  })
})

describe('a full ring', () => {
  const mixed = documentOf([
    key('active', 'active'),
    ...filled('suspended', 8),
    ...filled('retiring', maxKeys - 9),
  ])

  it('takes one key more while it is one short', () => {
    const document = documentOf([key('active', 'active'), ...filled('retiring', maxKeys - 2)])
    expect(stage(document, newKey('b')).keys).toHaveLength(maxKeys)
  })

  it('does not count keys without bytes', () => {
    const dead = [key('leaked', 'compromised'), key('replaced', 'suspended', { bytesLost: true })]
    const document = documentOf([key('active', 'active'), ...filled('retiring', maxKeys - 2), ...dead])
    expect(statesOf(stage(document, newKey('b')), 'b')).toEqual(['staged'])
  })

  it('refuses without force', () => {
    expect(() => stage(mixed, newKey('b'))).toThrow(expect.objectContaining({ code: 'ERR_RING_FULL' }))
  })

  it('destroys the oldest suspended key with force, and no other', () => {
    const after = stage(mixed, newKey('b'), { force: true })
    expect(mixed.keys.filter(each => !after.keys.includes(each)).map(({ kid }) => kid)).toEqual([
      'suspended-3',
    ])
    expect(statesOf(after, 'b')).toEqual(['staged'])
  })

  it('never destroys a retiring key, even with force', () => {
    const document = documentOf([key('active', 'active'), ...filled('retiring', maxKeys - 1)])
    expect(() => stage(document, newKey('b'), { force: true })).toThrow(
      expect.objectContaining({ code: 'ERR_RING_FULL' }),
    )
  })
})

describe('begin', () => {
  const imported = stage(plain, newKey('b'))

  it('starts an operation for a key that was imported before', () => {
    const after = begin(imported, operationOf('b'), { ...limits, hold: 60 })
    expect(after).toMatchObject({ generation: 12, operation: { kid: 'b' }, limits: { hold: 60 } })
    expect(after.keys).toEqual(imported.keys)
  })

  it.each([
    ['ERR_RING_NOTHING_STAGED', plain],
    ['ERR_RING_OPERATION', begin(imported, operationOf('b'))],
  ])('refuses with %s where it has nothing to start', (code, document) => {
    expect(() => begin(document, operationOf('b'))).toThrow(expect.objectContaining({ code }))
  })
})

describe('activate', () => {
  const staged = stage(plain, newKey('b'), { operation: operationOf('b') })

  it('stamps a graceful rotation with the time it committed, and remembers how to undo it', () => {
    const after = activate(staged, { mode: 'graceful', now: now + 60, grace, hold })
    expect(getKey(after, 'b')).toMatchObject({ activatedAt: now + 60 })
    expect(getKey(after, 'active')).toMatchObject({ deactivatedAt: now + 60, verifyUntil: now + 60 + grace })
    expect(after.operation).toBeNull()
    expect(after.undo).toEqual([
      { generation: 12, mode: 'graceful', from: 'active', to: 'b', cutoff: 0, retiring: [] },
    ])
  })

  it('keeps every retiring key until its own verifyUntil in a forced graceful rotation', () => {
    const document = { ...staged, keys: [...staged.keys, key('old', 'retiring', { verifyUntil: now + 99 })] }
    const after = activate(document, { mode: 'graceful', now, grace, hold })
    expect(getKey(after, 'old')).toEqual(getKey(document, 'old'))
  })

  it('suspends for the hold in a hard rotation, and remembers the verifyUntil of retiring keys', () => {
    const document = { ...staged, keys: [...staged.keys, key('old', 'retiring', { verifyUntil: now + 99 })] }
    const after = activate(document, { mode: 'hard', now, grace, hold })
    expect(getKey(after, 'active')).toMatchObject({ deactivatedAt: now, holdUntil: now + hold })
    expect(getKey(after, 'active')).not.toHaveProperty('verifyUntil')
    expect(getKey(after, 'old')).toMatchObject({ verifyUntil: now + 99, holdUntil: now + hold })
    expect(after.undo.at(-1)).toMatchObject({ mode: 'hard', cutoff: 0, retiring: [['old', now + 99]] })
  })
})

it('an aborted rotation leaves the ring as it was, two generations on', () => {
  const after = abort(stage(plain, newKey('b'), { operation: operationOf('b') }))
  expect({ ...after, generation: plain.generation }).toEqual(plain)
})
