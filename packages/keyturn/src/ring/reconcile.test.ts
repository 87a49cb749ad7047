/** reconcile: what a person did to the values by hand, and what it amounts to. */
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
import { assertSound } from './advance.ts'
import { create } from './adopt.ts'
import type { RingDocument } from './document.ts'
import { getKey } from './keys.ts'
import { reconcile, type FoundKids, type Reconciled } from './reconcile.ts'
import { rollbackTarget } from './rollback.ts'
import { stage } from './stage.ts'

const { grace, hold } = limits

function reconciled(
  document: RingDocument,
  found: Partial<FoundKids> & { active: string },
  at = now,
): Reconciled {
  const result = reconcile(document, { retiring: [], suspended: [], ...found }, at)
  assertSound(result.document)
  expect(result.document.generation).toBe(document.generation + 1)
  return result
}

const start = create('immonow/production', limits, newKey('a', now - hour), now - hour)
const graceful = activate(stage(start, newKey('b')), { mode: 'graceful', now: now - 9, grace, hold })

describe('a new active value', () => {
  it('is a hard rotation: every earlier token dies and every session ends', () => {
    const { kind, document } = reconciled(start, { active: 'n' })
    expect(kind).toBe('hard')
    expect(statesOf(document, 'a', 'n')).toEqual(['suspended', 'active'])
    expect(document.cutoff).toBe(document.generation)
    expect(getKey(document, 'a')).toMatchObject({ bytesLost: true, holdUntil: now + hold })
  })

  it('suspends previous values that are still there, with their bytes and their verifyUntil', () => {
    const { document } = reconciled(graceful, { active: 'n', retiring: ['a'] })
    expect(statesOf(document, 'a', 'b', 'n')).toEqual(['suspended', 'suspended', 'active'])
    expect(getKey(document, 'a')).toMatchObject({ verifyUntil: getKey(graceful, 'a').verifyUntil })
    expect(getKey(document, 'a')).not.toHaveProperty('bytesLost')
  })

  it('is a graceful rotation where the old value was kept as a previous one', () => {
    const { kind, document } = reconciled(graceful, { active: 'n', retiring: ['b', 'a'] })
    expect(kind).toBe('graceful')
    expect(statesOf(document, 'a', 'b', 'n')).toEqual(['retiring', 'retiring', 'active'])
    expect(getKey(document, 'b').verifyUntil).toBe(now + grace)
    expect(getKey(document, 'a').verifyUntil).toBe(getKey(graceful, 'a').verifyUntil)
    expect([graceful.cutoff, document.cutoff]).toEqual([0, 0])
  })

  it('may be the value that was staged: the operation is over then', () => {
    const rotating = stage(start, newKey('s'), { operation: operationOf('s') })
    const { kind, document } = reconciled(rotating, { active: 's', staged: 's', retiring: ['a'] })
    expect(kind).toBe('graceful')
    expect(statesOf(document, 'a', 's')).toEqual(['retiring', 'active'])
    expect(document.operation).toBeNull()
  })

  it('may be a suspended value that no rotation left', () => {
    const imported = { ...start, keys: [...start.keys, key('s', 'suspended', { holdUntil: now + 9 })] }
    const { kind, document } = reconciled(imported, { active: 's' })
    expect(kind).toBe('hard')
    expect(statesOf(document, 's')).toEqual(['active'])
  })

  it('can be rolled back while the old value is kept as a suspended one', () => {
    const { document } = reconciled(start, { active: 'n', suspended: ['a'] })
    expect(rollbackTarget(document, now).key).toMatchObject({ kid: 'a', holdUntil: now + hold })
  })
})

describe('an old value pasted back', () => {
  it('is a rollback: the cutoff before comes back, and the sessions with it', () => {
    const { document: edited } = reconciled(start, { active: 'n' })
    const { kind, document } = reconciled(edited, { active: 'a' }, now + hour)
    expect(kind).toBe('rollback')
    expect(statesOf(document, 'a', 'n')).toEqual(['active', 'suspended'])
    expect(document).toMatchObject({ cutoff: 0, undo: [] })
    expect(getKey(document, 'a')).not.toHaveProperty('bytesLost')
    expect(getKey(document, 'n')).toMatchObject({ bytesLost: true })
  })

  it('lets the tokens of the newer value live where that is kept as a previous one', () => {
    const { kind, document } = reconciled(graceful, { active: 'a', retiring: ['b'] })
    expect(kind).toBe('rollback')
    expect(statesOf(document, 'a', 'b')).toEqual(['active', 'retiring'])
    expect(getKey(document, 'b').verifyUntil).toBe(now + grace)
  })

  it('takes back everything up to the rotation away from it', () => {
    const twice = activate(stage(graceful, newKey('c')), { mode: 'hard', now, grace, hold })
    const { document } = reconciled(twice, { active: 'a', suspended: ['b', 'c'] })
    expect(document).toMatchObject({ cutoff: 0, undo: [] })
    expect(statesOf(document, 'a')).toEqual(['active'])
  })

  it('never takes the cutoff below the floor', () => {
    const { document: edited } = reconciled({ ...start, cutoff: 1, floor: 1 }, { active: 'n' })
    const { document } = reconciled({ ...edited, floor: 2 }, { active: 'a' })
    expect([document.cutoff, document.floor]).toEqual([2, 2])
  })

  it('does not forget what was replaced twice', () => {
    const { document: once } = reconciled(start, { active: 'n' })
    const { document: twice } = reconciled(once, { active: 'm' })
    expect(reconciled(twice, { active: 'n' }).kind).toBe('rollback')
    expect(statesOf(twice, 'n')).toEqual(['suspended'])
  })
})

describe('a value that the ring has met before', () => {
  it('is a rollback too when it was kept for a while and removed since', () => {
    const { document: kept } = reconciled(start, { active: 'n', retiring: ['a'] })
    const { document: removed } = reconciled(kept, { active: 'm' }, now + 1)
    const { kind, document } = reconciled(removed, { active: 'a' }, now + 2)
    expect([kind, document.cutoff]).toEqual(['rollback', 0])
  })

  it('is as good as new when its key was destroyed', () => {
    const twice = activate(stage(graceful, newKey('c')), { mode: 'graceful', now, grace, hold })
    const destroyed = { ...twice, keys: twice.keys.filter(({ kid }) => kid !== 'b') }
    const { kind, document } = reconciled(destroyed, { active: 'b', retiring: ['a'] })
    expect(kind).toBe('hard')
    expect(statesOf(document, 'b', 'c')).toEqual(['active', 'suspended'])
  })

  it('can be staged although it was replaced by hand', () => {
    const { document: edited } = reconciled(start, { active: 'n' })
    const { document } = reconciled(edited, { active: 'n', staged: 'a' })
    expect(getKey(document, 'a')).toMatchObject({ state: 'staged' })
    expect(getKey(document, 'a')).not.toHaveProperty('bytesLost')
  })
})

describe('edited lists', () => {
  it('change no key that signs and no session', () => {
    const { kind, document } = reconciled(graceful, {
      active: 'b',
      retiring: ['a', 'x'],
      suspended: ['y'],
      staged: 'z',
    })
    expect(kind).toBe('lists')
    expect(statesOf(document, 'a', 'b', 'x', 'y', 'z')).toEqual([
      'retiring',
      'active',
      'retiring',
      'suspended',
      'staged',
    ])
    expect(getKey(document, 'x').verifyUntil).toBe(now + grace)
    expect(getKey(document, 'y').holdUntil).toBe(now + hold)
    expect(document).toMatchObject({ cutoff: 0, undo: graceful.undo })
  })

  it('remember the key before, whose value was removed, for a rollback by pasting', () => {
    const { document } = reconciled(graceful, { active: 'b' })
    expect(getKey(document, 'a')).toMatchObject({ state: 'suspended', bytesLost: true })
    expect(() => rollbackTarget(document, now)).toThrow(expect.objectContaining({ code: 'ERR_RING_TARGET' }))
    expect(reconciled(document, { active: 'a' }).kind).toBe('rollback')
  })

  it('destroy what nobody will ask for', () => {
    const more = { ...graceful, keys: [...graceful.keys, key('x', 'suspended', { holdUntil: now + 9 })] }
    expect(statesOf(reconciled(more, { active: 'b', retiring: ['a'] }).document, 'x')).toEqual(['destroyed'])
  })

  it('move a key between the lists', () => {
    const { document } = reconciled(graceful, { active: 'b', suspended: ['a'] })
    expect(getKey(document, 'a')).toMatchObject({ state: 'suspended', holdUntil: now + hold })
    const { document: back } = reconciled(document, { active: 'b', retiring: ['a'] })
    expect(getKey(back, 'a')).toMatchObject({
      state: 'retiring',
      verifyUntil: getKey(graceful, 'a').verifyUntil,
    })
  })

  it('end the operation whose staged value was removed, and keep one whose value stayed', () => {
    const rotating = stage(start, newKey('s'), { operation: operationOf('s') })
    expect(reconciled(rotating, { active: 'a' }).document).toMatchObject({ operation: null })
    const { document } = reconciled(rotating, { active: 'a', staged: 's', retiring: ['x'] })
    expect(document.operation).toEqual(rotating.operation)
  })

  it('keep a legacy key while its value is there', () => {
    const legacy = documentOf([
      key('a', 'active'),
      key('random', 'retiring', { legacy: true, verifyUntil: now + 9 }),
    ])
    const { document } = reconciled(legacy, { active: 'a', legacy: 'random', retiring: ['x'] })
    expect(getKey(document, 'random')).toEqual(getKey(legacy, 'random'))
    expect(statesOf(reconciled(legacy, { active: 'a' }).document, 'random')).toEqual(['destroyed'])
  })
})

it.each<readonly [string, Partial<FoundKids> & { active: string }]>([
  ['active', { active: 'dead' }],
  ['staged', { active: 'a', staged: 'dead' }],
  ['previous', { active: 'a', retiring: ['x', 'dead'] }],
  ['suspended', { active: 'a', suspended: ['dead'] }],
])('a compromised key pasted in as the %s value is refused', (_, found) => {
  const document = documentOf([key('a', 'active'), key('dead', 'compromised')])
  expect(() => reconciled(document, found)).toThrow(
    expect.objectContaining({ name: 'ConfigError', code: 'ERR_CONFIG_SECRET_COMPROMISED' }),
  )
})

it('a compromised kid stays in the document whatever a person does to the values', () => {
  const document = documentOf([key('a', 'active'), key('dead', 'compromised')])
  for (const found of [{ active: 'a', retiring: ['x'] }, { active: 'n' }, { active: 'n', retiring: ['a'] }])
    expect(statesOf(reconciled(document, found).document, 'dead')).toEqual(['compromised'])
})
