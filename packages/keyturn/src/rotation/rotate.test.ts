/** rotate: what it does to the ring, whom it refuses, and what it leaves when it cannot finish. */
import { describe, expect, it } from 'vitest'
import { benchWith, grounds, Instance, type Bench } from '../../test/fleet-fixtures.ts'
import { hour, limits, statesOf } from '../../test/ring-fixtures.ts'
import { activeKey, getKey } from '../ring/keys.ts'
import type { RotationEvent } from './context.ts'
import { importKey } from './key-verbs.ts'
import { rotate } from './rotate.ts'
import { generateSecret } from '../secret/generate.ts'

const graceful = { ...grounds, mode: 'graceful', timeout: 30_000 } as const
const hard = { ...graceful, mode: 'hard' } as const
const signerOf = async (made: Bench): Promise<string> => activeKey(await made.document()).kid

describe('a graceful rotation', () => {
  it('takes two generations, signs with a fresh key, and lets the old one retire', async () => {
    const made = await benchWith('one', 'two')
    const old = await signerOf(made)
    const { kid, ring } = await rotate(made.context, { ...graceful, grace: 3 * hour })
    expect(ring.document).toMatchObject({ generation: 3, cutoff: 0, operation: null })
    expect(statesOf(ring.document, old, kid)).toEqual(['retiring', 'active'])
    const { activatedAt = 0 } = getKey(ring.document, kid)
    expect(getKey(ring.document, old).verifyUntil).toBe(activatedAt + 3 * hour)
  })

  it('makes the key sign that was imported before', async () => {
    const made = await benchWith('one')
    const imported = await importKey(made.context, { ...grounds, text: generateSecret() })
    const { kid, ring } = await rotate(made.context, graceful)
    expect(kid).toBe(imported.kid)
    expect(ring.document.keys).toHaveLength(2)
  })

  it('is refused while a key is retiring, and forced keeps that key until its verifyUntil', async () => {
    const made = await benchWith('one')
    const first = await signerOf(made)
    await rotate(made.context, graceful)
    const { verifyUntil } = getKey(await made.document(), first)
    await expect(rotate(made.context, graceful)).rejects.toMatchObject({ code: 'ERR_RING_RETIRING' })
    const { ring } = await rotate(made.context, { ...graceful, force: true })
    expect(getKey(ring.document, first)).toMatchObject({ state: 'retiring', verifyUntil })
  })

  it('is possible again once the retiring key is past its time, whose bytes go with it', async () => {
    const made = await benchWith('one')
    const first = await signerOf(made)
    await rotate(made.context, graceful)
    made.clock.advance(limits.grace * 1000)
    await new Instance(made, 'one').acknowledge()
    const { ring } = await rotate(made.context, graceful)
    expect(statesOf(ring.document, first)).toEqual(['destroyed'])
    expect(ring.secrets.has(first)).toBe(false)
  })

  it('applies new durations of the ring in the same generation', async () => {
    const made = await benchWith('one')
    const { ring } = await rotate(made.context, { ...graceful, limits: { ...limits, maxTokenLife: 900 } })
    expect(ring.document.limits.maxTokenLife).toBe(900)
  })
})

it('a hard rotation voids every session and suspends every old key, also retiring ones', async () => {
  const made = await benchWith('one')
  const first = await signerOf(made)
  const { kid: second } = await rotate(made.context, graceful)
  const { kid, ring } = await rotate(made.context, hard)
  expect(statesOf(ring.document, first, second, kid)).toEqual(['suspended', 'suspended', 'active'])
  expect(ring.document.cutoff).toBe(ring.document.generation)
})

it('a new key may be of another algorithm', async () => {
  const made = await benchWith('one')
  const { kid, ring } = await rotate(made.context, { ...graceful, alg: 'HS512' })
  expect(getKey(ring.document, kid).alg).toBe('HS512')
})

it.each([graceful, hard])('of 20 rotations at once one makes a new key: $mode', async request => {
  const made = await benchWith('one', 'two', 'three')
  const before = await signerOf(made)
  const ends = await Promise.allSettled(Array.from({ length: 20 }, () => rotate(made.context, request)))
  const codes = ends.map(end => (end.status === 'fulfilled' ? 'done' : end.reason.code))
  expect(codes.filter(code => code === 'done')).toHaveLength(1)
  const refusals = ['ERR_RING_OPERATION', 'ERR_RING_RETIRING', 'ERR_RING_CONFLICT']
  expect(codes.filter(code => refusals.includes(code))).toHaveLength(19)
  const { generation, keys } = await made.document()
  expect([generation, keys.length]).toEqual([3, 2])
  expect(await signerOf(made)).not.toBe(before)
})

it('every step runs afterChange, and nothing is confirmed before', async () => {
  const made = await benchWith('one')
  const steps: string[] = []
  const report = ({ type }: RotationEvent): void => {
    if (steps.at(-1) !== type) steps.push(type)
  }
  const afterChange = async (phase: string): Promise<void> => void steps.push(`after ${phase}`)
  await rotate({ ...made.context, report, afterChange }, graceful)
  expect(steps).toEqual(['staged', 'after stage', 'gate', 'activated', 'after activate', 'confirming'])
})

describe('a rotation that is made and not confirmed', () => {
  async function lagging(): Promise<{ made: Bench; ended: Promise<unknown> }> {
    const made = await benchWith('one')
    const two = await new Instance(made, 'two', lease =>
      lease.generation > 2 ? { ...lease, generation: 2 } : lease,
    ).start()
    return { made, ended: rotate(made.context, graceful).finally(() => two.silence()) }
  }

  it('fails with the name of who lags, and stands', async () => {
    const { made, ended } = await lagging()
    const before = await signerOf(made)
    await expect(ended).rejects.toMatchObject({
      code: 'ERR_CONFIRM_TIMEOUT',
      message: expect.stringMatching(/^the change is made, but two holds generation 2/),
    })
    expect(await signerOf(made)).not.toBe(before)
    expect(await made.document()).toMatchObject({ generation: 3, operation: null })
  })

  it('does not wait for an instance that was lost since: that one stops by itself', async () => {
    const made = await benchWith('one')
    const two = await new Instance(made, 'two').start()
    const report = ({ type }: RotationEvent): void => {
      if (type !== 'activated') return
      made.clock.advance(50_000)
      void new Instance(made, 'one').acknowledge()
    }
    const silent = ({ type }: RotationEvent): void => {
      if (type === 'gate') two.silence()
    }
    const { fleet } = await rotate(
      { ...made.context, report: event => (silent(event), report(event)) },
      graceful,
    )
    expect(fleet.instances.map(({ standing }) => standing)).toEqual(['acknowledged', 'lost'])
  })
})

describe('a store that is not as it should be', () => {
  it('is not taken for a restored backup when a change comes between looking at it and at the fleet', async () => {
    const made = await benchWith('one')
    const leases = {
      ...made.leases,
      list: async () => {
        const { generation } = await made.document()
        if (generation === 1) await importKey(made.context, { ...grounds, text: generateSecret() })
        return made.leases.list()
      },
    }
    const { kid, ring } = await rotate({ ...made.context, leases }, graceful)
    expect(activeKey(ring.document).kid).toBe(kid)
  })

  it('is refused when it holds less than an instance has seen: somebody restored a backup', async () => {
    const made = await benchWith('one')
    await new Instance(made, 'ahead', lease => ({ ...lease, generation: 9 })).acknowledge()
    await expect(rotate(made.context, graceful)).rejects.toMatchObject({
      code: 'ERR_RING_REGRESSED',
      message: expect.stringContaining('ahead has seen generation 9'),
    })
    expect((await made.document()).generation).toBe(1)
  })

  it('is refused when it was edited by hand', async () => {
    const made = await benchWith('one')
    const read = async () => {
      const ring = await made.ring()
      const [active] = ring.secrets.values()
      return active && { ...ring, edited: { active, retiring: [], suspended: [] } }
    }
    const context = { ...made.context, store: { ...made.store, read } }
    await expect(rotate(context, graceful)).rejects.toMatchObject({ code: 'ERR_RING_EDITED' })
  })

  it('is missed by name when it holds nothing', async () => {
    const made = await benchWith('one')
    const context = { ...made.context, store: { ...made.store, read: async () => undefined } }
    await expect(rotate(context, graceful)).rejects.toMatchObject({
      name: 'StoreError',
      code: 'ERR_STORE_MISSING',
    })
  })
})
