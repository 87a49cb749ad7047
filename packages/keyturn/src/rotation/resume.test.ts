/** Operations whose controller died: finished as recorded, or dropped; never two at once. */
import { describe, expect, it } from 'vitest'
import { benchWith, grounds, Instance, type Bench } from '../../test/fleet-fixtures.ts'
import { hour, statesOf } from '../../test/ring-fixtures.ts'
import type { RingDocument } from '../ring/document.ts'
import { activeKey } from '../ring/keys.ts'
import type { RotationEvent } from './context.ts'
import { abortOperation, resume } from './resume.ts'
import { rollback } from './rollback.ts'
import { rotate, stageRotation } from './rotate.ts'

const graceful = { ...grounds, mode: 'graceful', timeout: 30_000 } as const
const wait = { timeout: 30_000 }

/** A command that dies when it comes to that point. */
async function dieAt(
  made: Bench,
  point: RotationEvent['type'],
  mode: 'graceful' | 'hard' = 'graceful',
): Promise<RingDocument> {
  const report = ({ type }: RotationEvent): void => {
    if (type === point) throw new Error('killed')
  }
  await expect(rotate({ ...made.context, report }, { ...graceful, mode, grace: 9 * hour })).rejects.toThrow(
    'killed',
  )
  return made.document()
}

describe('a controller that died before the gate opened', () => {
  it.each(['staged', 'gate'] as const)(
    'leaves, at "%s", an operation that the next command finishes as recorded',
    async point => {
      const made = await benchWith('one')
      const { operation } = await dieAt(made, point, 'hard')
      const events: string[] = []
      const report = ({ type }: RotationEvent): void => void events.push(type)
      const next = rotate({ ...made.context, report }, { ...graceful, mode: 'graceful' })
      await expect(next).rejects.toMatchObject({
        code: 'ERR_RING_RESUMED',
        message: expect.stringMatching(/hard operation was finished first.*your command was not started/),
      })
      const document = await made.document()
      expect(events[0]).toBe('resumed')
      expect(activeKey(document).kid).toBe(operation?.kid)
      expect(document).toMatchObject({ operation: null, cutoff: document.generation })
      expect(document.keys).toHaveLength(2)
    },
  )

  it('keeps the durations that were planned', async () => {
    const made = await benchWith('one')
    await dieAt(made, 'staged')
    const { ring, kid } = await resume(made.context, wait)
    const old = ring.document.keys.find(({ state }) => state === 'retiring')
    const { activatedAt = 0 } = activeKey(ring.document)
    expect(activeKey(ring.document).kid).toBe(kid)
    expect(old?.verifyUntil).toBe(activatedAt + 9 * hour)
  })

  it('shuts nothing out: its operation can be dropped', async () => {
    const made = await benchWith('one')
    const { operation } = await dieAt(made, 'gate')
    const document = await abortOperation(made.context, grounds)
    expect(statesOf(document, operation?.kid ?? '')).toEqual(['destroyed'])
    expect((await rotate(made.context, graceful)).ring.document.operation).toBeNull()
  })

  it('is finished by one of several that come at once', async () => {
    const made = await benchWith('one')
    await dieAt(made, 'gate')
    const ends = await Promise.allSettled(Array.from({ length: 5 }, () => resume(made.context, wait)))
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const codes = ends.flatMap(end => (end.status === 'rejected' ? [end.reason.code] : []))
    expect(codes.every(code => ['ERR_RING_OPERATION', 'ERR_RING_CONFLICT'].includes(code))).toBe(true)
    expect((await made.document()).keys).toHaveLength(2)
  })
})

describe('a controller that died after the activation', () => {
  it('leaves nothing to finish but the confirmation', async () => {
    const made = await benchWith('one')
    const before = await dieAt(made, 'activated')
    const { ring, fleet } = await resume(made.context, wait)
    expect(ring.document).toEqual(before)
    expect(fleet.acknowledged).toBe(true)
  })
})

describe('a controller that is alive', () => {
  it.each<readonly [string, (made: Bench) => Promise<unknown>]>([
    ['rotate', ({ context }) => rotate(context, graceful)],
    ['resume', ({ context }) => resume(context, wait)],
    ['rollback', ({ context }) => rollback(context, { ...grounds, timeout: 30_000 })],
  ])('makes %s refuse', async (_, command) => {
    const made = await benchWith('one')
    const late = new Instance(made, 'late', lease => ({ ...lease, proofs: {} }))
    await late.start()
    const running = rotate(made.context, { ...graceful, timeout: 60_000 })
    await made.clock.sleep(20_000)
    await expect(command(made)).rejects.toMatchObject({ code: 'ERR_RING_OPERATION' })
    await made.leases.remove('late')
    late.silence()
    expect((await running).ring.document.generation).toBe(3)
  })

  it('fails when somebody drops its operation', async () => {
    const made = await benchWith('one')
    await new Instance(made, 'late', lease => ({ ...lease, proofs: {} })).start()
    const running = rotate(made.context, { ...graceful, timeout: 60_000 })
    made.clock.in(5_000, () => abortOperation(made.context, grounds))
    await expect(running).rejects.toMatchObject({
      code: 'ERR_RING_CONFLICT',
      message: expect.stringContaining('superseded at generation 3'),
    })
  })

  it('shows itself with a lease while it works, and takes the lease away when it is done or fails', async () => {
    const made = await benchWith('one')
    let seen = 0
    const report = async ({ type }: RotationEvent): Promise<void> => {
      if (type !== 'gate') return
      seen += (await made.leases.list()).filter(({ role }) => role === 'controller').length
    }
    const following = (event: RotationEvent): void => void report(event)
    await rotate({ ...made.context, report: following }, graceful)
    await dieAt(made, 'staged', 'hard')
    expect(seen).toBeGreaterThan(0)
    expect((await made.leases.list()).map(({ instance }) => instance)).toEqual(['one'])
  })

  it('counts as dead when its process is proved dead, or silent for longer than a lease', async () => {
    for (const die of [
      ({ dead }: Bench, id: string) => void dead.add(id),
      ({ clock }: Bench) => clock.advance(46_000),
    ]) {
      const made = await benchWith('one')
      const { operation } = await dieAt(made, 'gate')
      const id = operation?.controller ?? ''
      const ring = await made.ring()
      const [lease] = await made.leases.list()
      if (lease) await made.leases.put({ ...lease, instance: id, role: 'controller' })
      await expect(resume(made.context, wait)).rejects.toMatchObject({ code: 'ERR_RING_OPERATION' })
      die(made, id)
      await new Instance(made, 'one').acknowledge()
      expect((await resume(made.context, wait)).ring.document.generation).toBe(ring.document.generation + 2)
    }
  })
})

it('there is nothing to drop in a quiet ring', async () => {
  const made = await benchWith('one')
  await expect(abortOperation(made.context, grounds)).rejects.toMatchObject({
    code: 'ERR_RING_NOTHING_STAGED',
  })
})

it('drops the operation that was named, and no other', async () => {
  const made = await benchWith('one')
  await stageRotation(made.context, { ...grounds, mode: 'graceful' }, 'controller-1')
  const { operation } = await made.document()
  await expect(abortOperation(made.context, { ...grounds, operation: 'another' })).rejects.toMatchObject({
    code: 'ERR_RING_CONFLICT',
  })
  expect((await made.document()).operation).toEqual(operation)
  const named = operation && { operation: operation.id }
  expect((await abortOperation(made.context, { ...grounds, ...named })).operation).toBeNull()
})
