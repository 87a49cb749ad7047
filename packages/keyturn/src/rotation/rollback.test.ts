/** rollback over a fleet: with a gate where an instance may not hold the key, at once where all do. */
import { describe, expect, it } from 'vitest'
import { benchWith, grounds, Instance, type Bench } from '../../test/fleet-fixtures.ts'
import { limits, statesOf } from '../../test/ring-fixtures.ts'
import { activeKey } from '../ring/keys.ts'
import type { RotationEvent } from './context.ts'
import { rollback } from './rollback.ts'
import { rotate } from './rotate.ts'

const request = { ...grounds, timeout: 30_000 }

async function rotated(mode: 'graceful' | 'hard'): Promise<{ made: Bench; old: string; fresh: string }> {
  const made = await benchWith('one', 'two')
  const old = activeKey(await made.document()).kid
  const { kid } = await rotate(made.context, { ...request, mode })
  return { made, old, fresh: kid }
}

describe('a rollback of a graceful rotation', () => {
  it('is one generation, since every instance holds the old key still', async () => {
    const { made, old, fresh } = await rotated('graceful')
    const { kid, ring } = await rollback(made.context, request)
    expect(kid).toBe(old)
    expect(ring.document.generation).toBe(4)
    expect(statesOf(ring.document, old, fresh)).toEqual(['active', 'retiring'])
  })

  it('needs no instance for that', async () => {
    const { made, old } = await rotated('graceful')
    for (const name of ['one', 'two']) await made.leases.remove(name)
    expect((await rollback(made.context, request)).kid).toBe(old)
  })

  it('publishes the old key first when it retires too soon to be held everywhere', async () => {
    const { made, old } = await rotated('graceful')
    made.clock.advance((limits.grace - limits.maxStale) * 1000)
    for (const name of ['one', 'two']) await new Instance(made, name).start()
    const phases: string[] = []
    const report = ({ type }: RotationEvent): void => void phases.push(type)
    const { kid, ring } = await rollback({ ...made.context, report }, request)
    expect([kid, ring.document.generation]).toEqual([old, 5])
    expect(phases.slice(0, 2)).toEqual(['staged', 'gate'])
  })
})

describe('a rollback of a hard rotation', () => {
  it('publishes, waits for the gate, and brings keys and sessions back', async () => {
    const { made, old, fresh } = await rotated('hard')
    const { ring } = await rollback(made.context, request)
    expect(ring.document).toMatchObject({ generation: 5, cutoff: 0, undo: [] })
    expect(statesOf(ring.document, old, fresh)).toEqual(['active', 'retiring'])
  })

  it('activates nothing while an instance has not acknowledged the published key', async () => {
    const { made, old, fresh } = await rotated('hard')
    await new Instance(made, 'late', lease => ({ ...lease, proofs: {} })).start()
    await expect(rollback(made.context, request)).rejects.toMatchObject({ code: 'ERR_GATE_TIMEOUT' })
    const document = await made.document()
    expect(statesOf(document, old, fresh)).toEqual(['staged', 'active'])
    expect(document.cutoff).toBe(3)
  })

  it('is refused without instances', async () => {
    const { made } = await rotated('hard')
    for (const name of ['one', 'two']) await made.leases.remove(name)
    await expect(rollback(made.context, request)).rejects.toMatchObject({ code: 'ERR_RING_NO_INSTANCES' })
    expect((await rollback(made.context, { ...request, noFleet: true })).ring.document.generation).toBe(5)
  })

  it('that died is finished as recorded by the next one, which then refuses', async () => {
    const { made, old } = await rotated('hard')
    const report = ({ type }: RotationEvent): void => {
      if (type === 'gate') throw new Error('killed')
    }
    await expect(rollback({ ...made.context, report }, request)).rejects.toThrow('killed')
    await expect(rollback(made.context, request)).rejects.toMatchObject({
      code: 'ERR_RING_RESUMED',
      message: expect.stringContaining('unfinished rollback operation'),
    })
    expect(activeKey(await made.document()).kid).toBe(old)
  })
})

describe('a rollback that is refused', () => {
  it('leaves a rotation alone that got stuck: that one is to be aborted', async () => {
    const { made } = await rotated('hard')
    await new Instance(made, 'late', lease => ({ ...lease, proofs: {} })).start()
    await expect(rotate(made.context, { ...request, mode: 'hard' })).rejects.toMatchObject({
      code: 'ERR_GATE_TIMEOUT',
    })
    await expect(rollback(made.context, request)).rejects.toMatchObject({ code: 'ERR_RING_OPERATION' })
  })

  it('has nothing to undo in a fresh ring', async () => {
    const made = await benchWith('one')
    await expect(rollback(made.context, request)).rejects.toMatchObject({ code: 'ERR_RING_NO_UNDO' })
  })

  it('is over after the hold', async () => {
    const { made } = await rotated('hard')
    made.clock.advance(limits.hold * 1000)
    await expect(rollback(made.context, request)).rejects.toMatchObject({ code: 'ERR_RING_TARGET' })
  })
})

it('a rollback goes back several rotations with --to', async () => {
  const { made, old, fresh } = await rotated('graceful')
  const { kid: last } = await rotate(made.context, { ...request, mode: 'hard' })
  const { ring } = await rollback(made.context, { ...request, to: old })
  expect(statesOf(ring.document, old, fresh, last)).toEqual(['active', 'retiring', 'retiring'])
})
