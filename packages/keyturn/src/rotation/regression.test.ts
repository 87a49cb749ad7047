/** A store that was set back: who notices, what is refused, and what is not. */
import { describe, expect, it } from 'vitest'
import { benchWith, grounds, Instance, type Bench } from '../../test/fleet-fixtures.ts'
import { limits } from '../../test/ring-fixtures.ts'
import type { Lease } from '../ports/lease-board.ts'
import type { Ring } from '../ports/ring-store.ts'
import { memoryStore } from '../ports/memory.ts'
import { advance } from '../ring/advance.ts'
import type { AuditEntry } from '../ring/document.ts'
import { activeKey } from '../ring/keys.ts'
import { generateSecret } from '../secret/generate.ts'
import { beginEpoch } from './begin-epoch.ts'
import { change } from './change.ts'
import type { RotationContext } from './context.ts'
import { emergency } from './emergency.ts'
import { eraseDue } from './erase.ts'
import { destroyKey, forgetInstance, importKey, retireKey } from './key-verbs.ts'
import { refuseRegressed } from './regression.ts'
import { abortOperation, resume } from './resume.ts'
import { rollback } from './rollback.ts'
import { rotate } from './rotate.ts'

const request = { ...grounds, timeout: 1_000 }

/** The bench's context, with a trail that says so. */
const knowing = ({ context }: Bench, entries: readonly AuditEntry[]): RotationContext => ({
  ...context,
  trail: async () => ({ entries, notes: [] }),
})

/** The bench's context after somebody put that ring back. */
const setBack = ({ context }: Bench, ring: Ring): RotationContext => ({
  ...context,
  store: memoryStore({ ring, clock: context.clock }),
})

async function changed(made: Bench, count: number): Promise<void> {
  for (let turn = 1; turn <= count; turn += 1)
    await change(made.context, {
      deed: { action: 'test', reason: `turn ${turn}` },
      apply: before => advance(before, {}),
    })
}

const expectRefused = (asked: Promise<unknown>, message = ''): Promise<void> =>
  expect(asked).rejects.toMatchObject({
    code: 'ERR_RING_REGRESSED',
    message: expect.stringContaining(message),
  })

describe('a lease', () => {
  const seeing = async (change: (lease: Lease) => Lease): Promise<RotationContext> => {
    const made = await benchWith('one')
    await changed(made, 2)
    await new Instance(made, 'odd', change).acknowledge()
    return made.context
  }

  it.each<readonly [string, string, (lease: Lease) => Lease]>([
    ['of a later generation', 'odd has seen generation 4', lease => ({ ...lease, generation: 4 })],
    [
      'of a later epoch',
      'odd has seen generation 1 of epoch 1',
      lease => ({ ...lease, epoch: 1, generation: 1 }),
    ],
    [
      'of another ring of this generation',
      'odd holds another ring of that generation',
      lease => ({ ...lease, hash: 'x'.repeat(43) }),
    ],
  ])('%s halts changes', async (_, message, change) => {
    await expectRefused(refuseRegressed(await seeing(change)), message)
  })

  it.each<readonly [string, (lease: Lease) => Lease]>([
    ['of this ring', lease => lease],
    ['of a ring of another name', lease => ({ ...lease, ring: 'immonow/staging', hash: 'x' })],
    ['of the generation before, whatever its ring', lease => ({ ...lease, generation: 2, hash: 'x' })],
    ['that counts further than anybody can', lease => ({ ...lease, generation: Number.MAX_SAFE_INTEGER })],
    ['of an instance that does not say which ring it holds', ({ hash: _, ...lease }) => lease],
  ])('%s halts nothing', async (_, change) => {
    await refuseRegressed(await seeing(change))
  })

  it('of a ring that was set by hand is of a ring of its own', async () => {
    const made = await benchWith('one')
    const { document, secrets } = await made.ring()
    const byHand = setBack(made, { document: { ...document, generation: 0, audit: null }, secrets })
    await new Instance(made, 'one', lease => ({ ...lease, generation: 0, hash: 'x' })).acknowledge()
    await refuseRegressed(byHand)
  })
})

describe('the trail', () => {
  it('halts changes when it has a later entry than the ring', async () => {
    const made = await benchWith('one')
    await changed(made, 2)
    const backup = await made.ring()
    await changed(made, 3)
    await made.leases.remove('one')
    const context = setBack(made, backup)
    await refuseRegressed(context)
    const trail = async () => ({ entries: await made.trail(), notes: [] })
    await expectRefused(refuseRegressed({ ...context, trail }), 'the trail has generation 4')
  })

  it('halts changes when it has another entry of the generation of the ring', async () => {
    const made = await benchWith('one')
    await changed(made, 3)
    const entries = await made.trail()
    const forked = entries.map(each => (each.generation === 4 ? { ...each, reason: 'another' } : each))
    await expectRefused(refuseRegressed(knowing(made, forked)), 'another entry of that generation')
    await refuseRegressed(knowing(made, entries))
  })

  it('may lack the newest entry, which is in the document', async () => {
    const made = await benchWith('one')
    await changed(made, 3)
    await refuseRegressed(knowing(made, (await made.trail()).slice(0, -1)))
    await refuseRegressed(knowing(made, []))
  })

  it('is read before the ring: a change in between is no backup', async () => {
    const made = await benchWith('one')
    await changed(made, 1)
    const trail = async () => {
      const entries = await made.trail()
      await changed(made, 2)
      return { entries, notes: [] }
    }
    await refuseRegressed({ ...made.context, trail })
  })

  it('of a file may know a longer ring, which a person began again by hand', async () => {
    const made = await benchWith('one')
    await changed(made, 1)
    const longer = (await made.trail()).map(each => ({ ...each, generation: 30, reason: 'before' }))
    // Its first entry is in the document alone.
    await refuseRegressed(knowing(made, longer))
    await changed(made, 1)
    const again = await made.trail()
    const before = again.map(each => ({ ...each, generation: each.generation + 20, reason: 'before' }))
    await refuseRegressed(knowing(made, [...before, ...again]))
    await refuseRegressed(knowing(made, [...before, ...again.slice(0, -1)]))
    await expectRefused(refuseRegressed(knowing(made, [...again, ...before])), 'the trail has generation 22')
  })

  it('knows nothing of another ring', async () => {
    const made = await benchWith('one')
    await changed(made, 2)
    const others = (await made.trail()).map(each => ({ ...each, ring: 'other/ring', generation: 50 }))
    await refuseRegressed(knowing(made, [...(await made.trail()), ...others]))
  })
})

describe('on a ring that was set back', () => {
  /** One with a key in every state and an operation of a dead controller, and a trail that is ahead. */
  async function restored(): Promise<{ context: RotationContext; made: Bench; ring: Ring }> {
    const made = await benchWith('one')
    await rotate(made.context, { ...request, mode: 'graceful' })
    const report = ({ type }: { type: string }): void => {
      if (type === 'staged') throw new Error('killed')
    }
    const dying = rotate({ ...made.context, report }, { ...request, mode: 'hard' })
    await expect(dying).rejects.toThrow('killed')
    const ring = await made.ring()
    await changed(made, 1)
    await made.leases.remove('one')
    const trail = async () => ({ entries: await made.trail(), notes: [] })
    return { made, ring, context: { ...setBack(made, ring), trail } }
  }

  it.each<readonly [string, (context: RotationContext, kid: string, made: Bench) => Promise<unknown>]>([
    ['import', on => importKey(on, { ...request, text: generateSecret() })],
    ['retire', (on, kid) => retireKey(on, { ...request, kid, force: true })],
    ['destroy', (on, kid) => destroyKey(on, { ...request, kid })],
    ['forget', on => forgetInstance(on, { ...request, instance: 'nobody' })],
    ['abort', on => abortOperation(on, request)],
    ['resume', on => resume(on, request)],
    ['rotate, which would resume', on => rotate(on, { ...request, mode: 'hard' })],
    [
      'erase',
      async (on, _, made) => {
        made.clock.advance(limits.grace * 1000)
        return eraseDue(on)
      },
    ],
  ])('%s is refused, and changes nothing', async (_, act) => {
    const { context, ring, made } = await restored()
    await expectRefused(act(context, activeKey(ring.document).kid, made), 'the trail has generation 5')
    expect(await context.store.read()).toBe(ring)
  })

  it('rollback is refused, and changes nothing', async () => {
    const made = await benchWith('one')
    await rotate(made.context, { ...request, mode: 'graceful' })
    const ring = await made.ring()
    await changed(made, 1)
    const context = { ...knowing(made, await made.trail()), store: setBack(made, ring).store }
    await expectRefused(rollback(context, request))
    expect(await context.store.read()).toBe(ring)
  })

  it('nothing is refused where nothing is due to be erased', async () => {
    const { context } = await restored()
    expect(await eraseDue(context)).toMatchObject({ erased: [] })
  })

  it('an emergency and a new epoch are not refused, and end the halt', async () => {
    for (const end of [emergency, beginEpoch]) {
      const { context } = await restored()
      await end(context, { ...request, timeout: 0 })
      await refuseRegressed(context)
      const document = (await context.store.read())?.document
      expect(document).toMatchObject({ epoch: 1, generation: 6 })
    }
  })
})
