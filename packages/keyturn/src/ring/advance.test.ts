/** movesBetween and assertSound: what the audit trail says of a change, and what no change may leave behind. */
import { describe, expect, it } from 'vitest'
import { documentOf, key, newKey, operationOf } from '../../test/ring-fixtures.ts'
import { advance, assertSound, movesBetween } from './advance.ts'
import { maxKeys, type RingDocument, type Undo } from './document.ts'
import { stage } from './stage.ts'

const plain = documentOf([key('a', 'active'), key('b', 'retiring'), key('c', 'suspended')])

describe('movesBetween', () => {
  it('names new, moved and destroyed keys, and no key that stayed', () => {
    const after = documentOf([key('b', 'suspended'), key('c', 'suspended'), key('n', 'active')])
    expect(movesBetween(plain, after)).toEqual([
      ['a', 'active', 'destroyed'],
      ['b', 'retiring', 'suspended'],
      ['n', 'new', 'active'],
    ])
  })

  it('is empty where only durations changed', () =>
    expect(movesBetween(plain, advance(plain, {}))).toEqual([]))
})

it('a generation keeps the records whose target is still there, and those behind it', () => {
  const record = (from: string, to: string): Undo => ({
    generation: 1,
    mode: 'graceful',
    from,
    to,
    cutoff: 0,
    retiring: [],
  })
  const undo = [record('gone', 'b'), record('b', 'lost'), record('lost', 'c'), record('c', 'a')]
  expect(advance({ ...plain, undo }, {}).undo).toEqual(undo.slice(1))
})

describe('assertSound', () => {
  const many = Array.from({ length: maxKeys }, (_, index) => key(`r${index}`, 'retiring'))
  const unsound: readonly (readonly [string, RingDocument])[] = [
    ['no active key', documentOf([key('b', 'retiring')])],
    ['two active keys', documentOf([key('a', 'active'), key('b', 'active')])],
    ['two staged keys', { ...plain, keys: [...plain.keys, key('d', 'staged'), key('e', 'staged')] }],
    ['more keys than a ring holds', documentOf([key('a', 'active'), ...many])],
    ['a cutoff below its floor', { ...plain, cutoff: 1, floor: 2 }],
    ['two keys of one kid', documentOf([key('a', 'active'), key('a', 'retiring')])],
    [
      'a kid that is also an alias',
      documentOf([key('a', 'active'), key('b', 'retiring', { aliases: ['a'] })]),
    ],
    ['a legacy key that signs', documentOf([key('a', 'active', { legacy: true })])],
    ['an active key without bytes', documentOf([key('a', 'active', { bytesLost: true })])],
    ['an operation without its staged key', { ...plain, operation: operationOf('b') }],
  ]

  it.each(unsound)('refuses %s', (_, document) => {
    expect(() => assertSound(document)).toThrow(expect.objectContaining({ code: 'ERR_RING_INVALID' }))
  })

  it('takes what the verbs make', () => {
    expect(() => assertSound(stage(plain, newKey('n'), { operation: operationOf('n') }))).not.toThrow()
  })
})
