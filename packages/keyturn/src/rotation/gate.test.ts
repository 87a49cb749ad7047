/** The gate: a key signs only when every instance has proved that it holds it. */
import { describe, expect, it } from 'vitest'
import { bench, benchWith, grounds, Instance, leaseOf, type Bench } from '../../test/fleet-fixtures.ts'
import { hour } from '../../test/ring-fixtures.ts'
import type { Lease } from '../ports/lease-board.ts'
import type { Ring } from '../ports/ring-store.ts'
import { activeKey, stagedKey } from '../ring/keys.ts'
import type { RotationEvent } from './context.ts'
import type { Outcome } from './finish.ts'
import { forgetInstance } from './key-verbs.ts'
import { proofOf } from './proof.ts'
import { abortOperation } from './resume.ts'
import { rotate } from './rotate.ts'

const graceful = { ...grounds, mode: 'graceful', timeout: 30_000 } as const
const patient = { ...graceful, timeout: 4 * hour * 1000 }
type Change = (lease: Lease, ring: Ring) => Lease

/** One honest instance and one whose leases are changed. */
async function withBad(change: Change): Promise<Bench> {
  const made = await benchWith('good')
  await new Instance(made, 'bad', change).start()
  return made
}

/** Rotates past a gate that stays shut: nothing was activated. */
async function expectShut(made: Bench, why: RegExp): Promise<void> {
  const { kid } = activeKey(await made.document())
  await expect(rotate(made.context, graceful)).rejects.toMatchObject({
    code: 'ERR_GATE_TIMEOUT',
    message: expect.stringMatching(why),
  })
  const after = await made.document()
  expect(activeKey(after).kid).toBe(kid)
  expect(after).toMatchObject({ cutoff: 0, operation: { phase: 'gate' } })
}

const signer = ({ ring }: Outcome): string => activeKey(ring.document).kid

describe('a gate', () => {
  it('opens when every instance has acknowledged the staged key', async () => {
    const made = await benchWith('one', 'two', 'three')
    const outcome = await rotate(made.context, graceful)
    expect(signer(outcome)).toBe(outcome.kid)
    expect(outcome.fleet.instances.map(({ standing }) => standing)).toEqual(Array(3).fill('acknowledged'))
  })

  it('is not reached without instances: nothing is staged', async () => {
    const made = bench()
    await expect(rotate(made.context, graceful)).rejects.toMatchObject({ code: 'ERR_RING_NO_INSTANCES' })
    expect((await made.document()).generation).toBe(1)
    expect((await rotate(made.context, { ...graceful, noFleet: true })).ring.document.generation).toBe(3)
  })

  it('still waits for the instances that there are, when none was expected', async () => {
    const made = await withBad(lease => ({ ...lease, proofs: {} }))
    const noFleet = { ...graceful, noFleet: true }
    await expect(rotate(made.context, noFleet)).rejects.toMatchObject({ code: 'ERR_GATE_TIMEOUT' })
  })

  it('changes nothing when it times out, but for the key that stays staged', async () => {
    const made = await withBad(lease => ({ ...lease, generation: 1 }))
    await expectShut(made, /nothing was activated: bad holds generation 1/)
    await abortOperation(made.context, grounds)
    const { keys, operation } = await made.document()
    expect([keys.length, operation]).toEqual([1, null])
  })
})

describe('a lost instance keeps the gate shut', () => {
  async function withLost(): Promise<{ made: Bench; lost: Instance }> {
    const made = await benchWith('good')
    const lost = await new Instance(made, 'lost').start()
    lost.silence()
    made.clock.advance(60_000)
    await made.leases.put(leaseOf(await made.ring(), 'good', made.clock.now()))
    return { made, lost }
  }

  it('with its name and its silence in the message', async () => {
    const { made } = await withLost()
    await expectShut(made, /lost is lost: last seen \d+ s ago/)
  })

  it.each<readonly [string, (made: Bench, lost: Instance) => unknown]>([
    ['it returns', (_, lost) => lost.start()],
    ['it closes', ({ leases }) => leases.remove('lost')],
    ['it is proved dead', ({ dead }) => dead.add('lost')],
    [
      'it is forgotten by name and reason',
      ({ context }) => forgetInstance(context, { ...grounds, instance: 'lost' }),
    ],
  ])('until %s', async (_, act) => {
    const { made, lost } = await withLost()
    const shut: boolean[] = []
    made.clock.in(20_000, async () => {
      shut.push((await made.document()).operation !== null)
      await act(made, lost)
    })
    const outcome = await rotate(made.context, patient)
    expect(shut).toEqual([true])
    expect(signer(outcome)).toBe(outcome.kid)
  })

  it('until maxStale has passed, when it has stopped by itself', async () => {
    const { made } = await withLost()
    const started = made.clock.monotonic()
    const outcome = await rotate(made.context, patient)
    expect(made.clock.monotonic() - started).toBeGreaterThan((hour - 61) * 1000)
    expect(outcome.fleet.instances.map(({ standing }) => standing)).toEqual(['acknowledged', 'fenced'])
  })
})

describe('a lease that proves nothing keeps the gate shut', () => {
  const wrong: readonly (readonly [string, RegExp, Change])[] = [
    ['without proofs', /bad holds generation 2/, lease => ({ ...lease, proofs: {} })],
    [
      'with a proof made up',
      /bad holds generation 2/,
      lease => ({ ...lease, proofs: Object.fromEntries(lease.kids.map(kid => [kid, 'A'.repeat(43)])) }),
    ],
    [
      "with another instance's proof",
      /bad holds generation 2/,
      (lease, ring) => ({ ...leaseOf(ring, 'good', lease.sentAt), instance: 'bad' }),
    ],
    [
      'with a proof of another nonce',
      /bad holds generation 2/,
      (lease, ring) => ({
        ...lease,
        proofs: leaseOf({ ...ring, document: { ...ring.document, nonce: 'before' } }, 'bad', 0).proofs,
      }),
    ],
    [
      'with a proof of another epoch',
      /bad holds generation 2/,
      (lease, ring) => ({
        ...lease,
        proofs: leaseOf({ ...ring, document: { ...ring.document, epoch: 1 } }, 'bad', 0).proofs,
      }),
    ],
    [
      'with a proof of the active key under the name of the staged one',
      /bad holds generation 2/,
      (lease, { document, secrets }) => {
        const secret = secrets.get(activeKey(document).kid)
        const staged = stagedKey(document)
        if (!secret || !staged) return lease
        const forged = proofOf(secret, document, 'bad')
        return { ...lease, proofs: { ...lease.proofs, [staged.kid]: forged } }
      },
    ],
    ['of the generation before', /bad holds generation 1/, lease => ({ ...lease, generation: 1 })],
    [
      'with a clock 31 s ahead',
      /clock that is 31 s off/,
      lease => ({ ...lease, sentAt: lease.sentAt + 31_000 }),
    ],
    [
      'with a clock 31 s behind',
      /clock that is -31 s off/,
      lease => ({ ...lease, sentAt: lease.sentAt - 31_000 }),
    ],
    [
      'that refuses the generation',
      /bad could not load the ring: ERR_RING_INVALID/,
      lease => ({ ...lease, nack: { generation: 2, code: 'ERR_RING_INVALID' } }),
    ],
  ]

  it.each(wrong)('%s', async (_, why, change) => expectShut(await withBad(change), why))

  it.each<readonly [string, Change]>([
    ['a clock 30 s off', lease => ({ ...lease, sentAt: lease.sentAt + 30_000 })],
    [
      'a refusal of an earlier generation',
      lease => ({ ...lease, nack: { generation: 1, code: 'ERR_RING_EDITED' } }),
    ],
  ])('but not one with %s', async (_, change) => {
    const made = await withBad(change)
    expect(signer(await rotate(made.context, graceful))).not.toBe('')
  })
})

describe('who comes and goes', () => {
  it("a command's own lease neither opens the gate nor shuts it", async () => {
    const made = bench()
    await new Instance(made, 'command', lease => ({ ...lease, role: 'controller', proofs: {} })).start()
    await expect(rotate(made.context, graceful)).rejects.toMatchObject({ code: 'ERR_RING_NO_INSTANCES' })
    await new Instance(made, 'good').start()
    expect(signer(await rotate(made.context, graceful))).not.toBe('')
  })

  it('a joiner shuts the gate that it finds open', async () => {
    const made = await benchWith('good')
    let late: Promise<unknown> | undefined
    const report = ({ type }: RotationEvent): void => {
      if (type === 'staged') late ??= new Instance(made, 'late', lease => ({ ...lease, proofs: {} })).start()
    }
    await expect(rotate({ ...made.context, report }, graceful)).rejects.toMatchObject({
      code: 'ERR_GATE_TIMEOUT',
    })
    await late
  })
})
