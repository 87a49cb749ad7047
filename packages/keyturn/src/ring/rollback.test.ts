/** Rolling back: where it leads, what it restores, what it never does. */
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
import { create } from './adopt.ts'
import type { RingDocument } from './document.ts'
import { emergency } from './emergency.ts'
import { getKey } from './keys.ts'
import { expire, retire } from './retire.ts'
import { rollbackActivate, rollbackPublish, rollbackTarget } from './rollback.ts'
import { abort, stage } from './stage.ts'

const { grace, hold } = limits
const day = 24 * hour

function rotated(document: RingDocument, kid: string, mode: 'graceful' | 'hard', at: number): RingDocument {
  return activate(stage(document, newKey(kid, at)), { mode, now: at, grace, hold })
}

/** The whole rollback, with stage where it is needed. */
function rolledBack(document: RingDocument, at: number, to?: string): RingDocument {
  const target = rollbackTarget(document, at, to)
  const operation = operationOf(target.key.kid, { mode: 'rollback' })
  const published = target.held ? document : rollbackPublish(document, target, operation)
  return rollbackActivate(published, { kid: target.key.kid, undoes: target.undoes, now: at, grace })
}

const start = create('immonow/production', limits, newKey('a'), now)

describe('a rollback of a graceful rotation', () => {
  const after = rotated(start, 'b', 'graceful', now + day)

  it('needs neither stage nor gate while the old key is retiring with maxStale and the tolerance left', () => {
    const { maxStale, tolerance } = limits
    const last = now + day + grace - maxStale - tolerance
    expect(rollbackTarget(after, last).held).toBe(true)
    expect(rollbackTarget(after, last + 1).held).toBe(false)
  })

  it('makes the old key sign, and lets the tokens of the new one live for a grace', () => {
    const back = rolledBack(after, now + day + 5)
    expect(statesOf(back, 'a', 'b')).toEqual(['active', 'retiring'])
    expect(getKey(back, 'b')).toMatchObject({
      deactivatedAt: now + day + 5,
      verifyUntil: now + day + 5 + grace,
    })
    expect(back.undo).toEqual([])
  })

  it('goes one rotation further back the second time, and never redoes', () => {
    const twice = rotated(after, 'c', 'graceful', now + day + 10)
    const once = rolledBack(twice, now + day + 20)
    expect(statesOf(once, 'a', 'b', 'c')).toEqual(['retiring', 'active', 'retiring'])
    const again = rolledBack(once, now + day + 30)
    expect(statesOf(again, 'a', 'b', 'c')).toEqual(['active', 'retiring', 'retiring'])
    expect(() => rollbackTarget(again, now + day + 40)).toThrow(
      expect.objectContaining({ code: 'ERR_RING_NO_UNDO' }),
    )
  })

  it('leads to a kid further back with --to, and takes back all that lies between', () => {
    const twice = rotated(after, 'c', 'graceful', now + day + 10)
    expect(rollbackTarget(twice, now + day + 20, 'a')).toMatchObject({ undoes: 2, held: true })
    const back = rolledBack(twice, now + day + 20, 'a')
    expect(statesOf(back, 'a', 'b', 'c')).toEqual(['active', 'retiring', 'retiring'])
    expect(back.undo).toEqual([])
  })

  it.each([
    ['ERR_RING_KEY_ACTIVE', 'b'],
    ['ERR_RING_TARGET', 'nobody'],
  ])('refuses with %s to go --to %s', (code, to) => {
    expect(() => rollbackTarget(after, now + day, to)).toThrow(expect.objectContaining({ code }))
  })

  it('refuses a key that no rotation has left', () => {
    const imported = stage(after, newKey('c'))
    expect(() => rollbackTarget(imported, now + day, 'c')).toThrow(
      expect.objectContaining({ code: 'ERR_RING_TARGET' }),
    )
  })
})

describe('a rollback of a hard rotation', () => {
  const graceful = rotated(start, 'b', 'graceful', now)
  const hard = rotated(graceful, 'c', 'hard', now + hour)

  it('publishes the suspended key first', () => {
    expect(rollbackTarget(hard, now + day)).toMatchObject({ undoes: 1, held: false })
  })

  it('restores the retiring key with the verifyUntil it had, and the cutoff', () => {
    const back = rolledBack(hard, now + day)
    expect(statesOf(back, 'a', 'b', 'c')).toEqual(['retiring', 'active', 'retiring'])
    expect(getKey(back, 'a').verifyUntil).toBe(getKey(graceful, 'a').verifyUntil)
    expect(getKey(back, 'a')).not.toHaveProperty('holdUntil')
    expect([graceful.cutoff, hard.cutoff, back.cutoff]).toEqual([0, hard.generation, 0])
  })

  it('destroys a retiring key whose time passed meanwhile', () => {
    const back = rolledBack(hard, now + grace)
    expect(statesOf(back, 'a', 'b', 'c')).toEqual(['destroyed', 'active', 'retiring'])
  })

  it('gives an aborted rollback its suspended key back as it was', () => {
    const target = rollbackTarget(hard, now + day)
    const published = rollbackPublish(hard, target, operationOf('b', { mode: 'rollback' }))
    expect(statesOf(published, 'b')).toEqual(['staged'])
    expect(getKey(abort(published), 'b')).toEqual(getKey(hard, 'b'))
    expect(abort(published).undo).toEqual(hard.undo)
  })

  it('brings formerly active keys back as retiring ones, when it goes over several rotations', () => {
    const twice = rotated(hard, 'd', 'hard', now + 2 * hour)
    const back = rolledBack(twice, now + 3 * hour, 'b')
    expect(statesOf(back, 'a', 'b', 'c', 'd')).toEqual(['retiring', 'active', 'retiring', 'retiring'])
    expect(getKey(back, 'c').verifyUntil).toBe(now + 3 * hour + grace)
    expect(back.cutoff).toBe(0)
  })

  it('restores the same keys at once as step by step', () => {
    // c came and went between a -> b and the hard rotation that suspended it.
    const came = rolledBack(rotated(graceful, 'c', 'graceful', now + 10), now + 20)
    const suspended = rotated(came, 'd', 'hard', now + 30)
    const atOnce = rolledBack(suspended, now + 40, 'a')
    const stepwise = rolledBack(rolledBack(suspended, now + 40), now + 40)
    expect(statesOf(atOnce, 'a', 'b', 'c', 'd')).toEqual(['active', 'retiring', 'retiring', 'retiring'])
    expect(statesOf(stepwise, 'a', 'b', 'c', 'd')).toEqual(statesOf(atOnce, 'a', 'b', 'c', 'd'))
  })

  it('does not revive a key that was past its time before it was active again', () => {
    const twice = rotated(graceful, 'c', 'graceful', now + hour)
    const suspended = rotated(twice, 'd', 'hard', now + 2 * hour)
    // b retires until now + hour + grace; its bytes are held an hour longer.
    const back = rolledBack(suspended, now + hour + grace, 'c')
    expect(statesOf(back, 'a', 'b', 'c', 'd')).toEqual(['destroyed', 'destroyed', 'active', 'retiring'])
  })

  it('leaves a key suspended that was retired by hand', () => {
    const byHand = retire(rotated(graceful, 'c', 'graceful', now + 10), 'b', { now: now + 20, force: true })
    const back = rolledBack(byHand, now + 30, 'a')
    expect(statesOf(back, 'a', 'b', 'c')).toEqual(['active', 'suspended', 'retiring'])
  })

  it('refuses a key whose hold is over, and one that was erased since', () => {
    const over = getKey(hard, 'b').holdUntil ?? 0
    expect(() => rollbackTarget(hard, over)).toThrow(expect.objectContaining({ code: 'ERR_RING_TARGET' }))
    expect(() => rollbackTarget(expire(hard, over), over)).toThrow(
      expect.objectContaining({ code: 'ERR_RING_NO_UNDO' }),
    )
  })
})

describe('a rollback after an emergency', () => {
  it('never takes the cutoff below the floor', () => {
    const hard = rotated(rotated(start, 'b', 'graceful', now), 'c', 'hard', now)
    const leaked = emergency(hard, { fresh: newKey('x'), now, kid: 'a' })
    const back = rolledBack(leaked, now + hour)
    expect([back.cutoff, back.floor]).toEqual([leaked.generation, leaked.generation])
    expect(statesOf(back, 'a', 'b', 'c')).toEqual(['compromised', 'active', 'retiring'])
  })

  it('is refused with the reason that the keys are compromised', () => {
    const dead = emergency(rotated(start, 'b', 'hard', now), { fresh: newKey('x'), now })
    for (const to of [undefined, 'a', 'b'])
      expect(() => rollbackTarget(dead, now, to)).toThrow(
        expect.objectContaining({ code: 'ERR_RING_KEY_COMPROMISED' }),
      )
  })
})

it.each([
  ['a legacy key, which can never sign', key('old', 'retiring', { legacy: true })],
  ['a key that was replaced by hand', key('old', 'suspended', { bytesLost: true })],
])('a rollback to %s is refused', (_, old) => {
  const undo = [
    { generation: 9, mode: 'graceful', from: 'old', to: 'active', cutoff: 0, retiring: [] },
  ] as const
  const document = documentOf([old, key('active', 'active')], { undo })
  expect(() => rollbackTarget(document, now)).toThrow(expect.objectContaining({ code: 'ERR_RING_TARGET' }))
})

it('a target is found by an alias too', () => {
  const document = rotated(start, 'b', 'graceful', now)
  const aliased = { ...document, keys: document.keys.map(each => ({ ...each, aliases: [`${each.kid}-1`] })) }
  expect(rollbackTarget(aliased, now, 'a-1').key.kid).toBe('a')
})
