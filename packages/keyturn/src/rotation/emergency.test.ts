/** emergency: refused by nothing, and complete everywhere within maxStale. */
import { describe, expect, it } from 'vitest'
import { benchWith, grounds, Instance, type Bench } from '../../test/fleet-fixtures.ts'
import { freshSecret, limits, statesOf } from '../../test/ring-fixtures.ts'
import type { HandEdit } from '../ports/ring-store.ts'
import type { AuditEntry } from '../ring/document.ts'
import { activeKey } from '../ring/keys.ts'
import type { RotationContext } from './context.ts'
import { emergency } from './emergency.ts'
import { rollback } from './rollback.ts'
import { rotate } from './rotate.ts'

const request = { ...grounds, cause: 'compromised', timeout: 30_000 } as const
const graceful = { ...grounds, mode: 'graceful', timeout: 60_000 } as const

/** The store as it is after somebody pasted values in. */
async function pasted(made: Bench, change: Partial<HandEdit>): Promise<RotationContext> {
  const { secrets } = await made.ring()
  const [active] = secrets.values()
  if (!active) throw new Error('no key')
  let edited: HandEdit | undefined = { active, retiring: [], suspended: [], ...change }
  return {
    ...made.context,
    store: {
      ...made.store,
      read: async () => {
        const ring = await made.ring()
        return edited ? { ...ring, edited } : ring
      },
      compareAndSwap: async (expected, next) => {
        await made.store.compareAndSwap(expected, next)
        edited = undefined
      },
    },
  }
}

describe('an emergency', () => {
  it('is one generation: everything is compromised and a fresh key signs', async () => {
    const made = await benchWith('one', 'two')
    const { kid: second } = await rotate(made.context, graceful)
    const before = await made.ring()
    const { compromised, kid, document, unconfirmed } = await emergency(made.context, request)
    expect([...compromised].sort()).toEqual([...before.secrets.keys()].sort())
    expect(compromised).toContain(second)
    expect(document).toMatchObject({ generation: 4, cutoff: 4, floor: 4 })
    expect([...(await made.ring()).secrets.keys()]).toEqual([kid])
    expect(unconfirmed).toEqual([])
  })

  it('supersedes a rotation that waits at its gate', async () => {
    const made = await benchWith('one')
    await new Instance(made, 'late', lease => ({ ...lease, proofs: {} })).start()
    const running = rotate(made.context, graceful)
    made.clock.in(5_000, () => emergency(made.context, { ...request, timeout: 0 }))
    await expect(running).rejects.toMatchObject({ code: 'ERR_RING_CONFLICT' })
    const { keys, operation } = await made.document()
    expect(keys.map(({ state }) => state)).toEqual(['compromised', 'compromised', 'active'])
    expect(operation).toBeNull()
  })

  it('needs no instance and no acknowledgement, and says who has not confirmed and when they have stopped', async () => {
    const made = await benchWith('one')
    const silent = await new Instance(made, 'silent').start()
    silent.silence()
    const at = made.clock.now()
    const { unconfirmed } = await emergency(made.context, { ...request, timeout: 2_000 })
    expect(unconfirmed.map(({ lease, standing, stopsBy }) => [lease.instance, standing, stopsBy])).toEqual([
      ['silent', 'behind', at + limits.maxStale * 1000],
    ])
  })

  it('cannot be rolled back', async () => {
    const made = await benchWith('one')
    await rotate(made.context, graceful)
    await emergency(made.context, request)
    await expect(rollback(made.context, request)).rejects.toMatchObject({ code: 'ERR_RING_KEY_COMPROMISED' })
  })

  it('compromises what was pasted in by hand too: that may be what leaked', async () => {
    const made = await benchWith('one')
    const { kid: old } = activeKey(await made.document())
    const [fresh, previous] = [freshSecret(), freshSecret()]
    const context = await pasted(made, { active: fresh.secret, retiring: [previous.secret] })
    const { document, kid } = await emergency(context, request)
    expect(statesOf(document, old, fresh.kid, previous.kid, kid)).toEqual([
      ...Array(3).fill('compromised'),
      'active',
    ])
  })

  it('runs at full speed against somebody else who changes the ring', async () => {
    const made = await benchWith('one')
    const ends = await Promise.allSettled([
      rotate(made.context, { ...graceful, mode: 'hard' }),
      emergency(made.context, request),
      emergency(made.context, request),
    ])
    expect(ends.slice(1).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled'])
    const { keys, floor } = await made.document()
    expect(keys.filter(({ state }) => state === 'compromised').length).toBeGreaterThanOrEqual(2)
    expect(floor).toBeGreaterThan(0)
  })
})

describe('an emergency of one key', () => {
  it('leaves the key that signs alone when another one leaked', async () => {
    const made = await benchWith('one')
    const { kid: old } = activeKey(await made.document())
    const { kid: fresh } = await rotate(made.context, graceful)
    const outcome = await emergency(made.context, { ...request, kid: old, keepSessions: true })
    expect(outcome).toMatchObject({ kid: fresh, compromised: [old], document: { cutoff: 0, floor: 0 } })
    expect(outcome.document.keys).toHaveLength(2)
  })

  it('changes nothing when the key is compromised already', async () => {
    const made = await benchWith('one')
    const { kid: old } = activeKey(await made.document())
    const { document } = await emergency(made.context, request)
    const again = await emergency(made.context, { ...request, kid: old })
    expect(again.compromised).toEqual([])
    expect((await made.document()).generation).toBe(document.generation)
  })

  it('is refused for a kid that the ring does not have', async () => {
    const made = await benchWith('one')
    await expect(emergency(made.context, { ...request, kid: 'nobody' })).rejects.toMatchObject({
      code: 'ERR_RING_KEY_NOT_FOUND',
    })
  })

  it('takes over first what was pasted in, which may be the key that is named', async () => {
    const made = await benchWith('one')
    const { kid: old } = activeKey(await made.document())
    const { kid, secret } = freshSecret()
    const context = await pasted(made, { active: secret })
    const { document } = await emergency(context, { ...request, kid })
    expect(statesOf(document, kid, old)).toEqual(['compromised', 'suspended'])
  })
})

describe('an emergency on a ring that was set back', () => {
  it('goes past a lease that has seen more, and kills every key although it names one', async () => {
    const made = await benchWith('one')
    const { kid: old } = activeKey(await made.document())
    const { kid: second } = await rotate(made.context, graceful)
    await new Instance(made, 'ahead', lease => ({ ...lease, epoch: 2, generation: 9 })).acknowledge()
    await new Instance(made, 'liar', lease => ({
      ...lease,
      generation: Number.MAX_SAFE_INTEGER,
    })).acknowledge()
    const outcome = await emergency(made.context, { ...request, kid: old, keepSessions: true, timeout: 0 })
    expect(outcome).toMatchObject({
      restored: true,
      document: { epoch: 3, generation: 10, cutoff: 10, floor: 10 },
    })
    expect([...outcome.compromised].sort()).toEqual([old, second].sort())
    expect([...(await made.ring()).secrets.keys()]).toEqual([outcome.kid])
  })

  it('does not look for the named key first: the backup may not know it', async () => {
    const made = await benchWith('one')
    await new Instance(made, 'ahead', lease => ({ ...lease, hash: 'x' })).acknowledge()
    const { document } = await emergency(made.context, { ...request, kid: 'later', timeout: 0 })
    expect(statesOf(document, 'later')).toEqual(['compromised'])
    expect(document).toMatchObject({ epoch: 1, generation: 2 })
  })

  it('does not take over first what was pasted in, and kills it', async () => {
    const made = await benchWith('one')
    await new Instance(made, 'ahead', lease => ({ ...lease, generation: 5 })).acknowledge()
    const { kid, secret } = freshSecret()
    const context = await pasted(made, { active: secret })
    const { document } = await emergency(context, { ...request, kid, timeout: 0 })
    expect(statesOf(document, kid)).toEqual(['compromised'])
    expect(document).toMatchObject({ epoch: 1, generation: 6 })
    expect(await made.trail()).toHaveLength(1)
  })

  it('carries over what the trail calls compromised', async () => {
    const made = await benchWith('one')
    const { kid } = await rotate(made.context, { ...graceful, mode: 'hard' })
    await emergency(made.context, { ...request, kid })
    const { ring } = await made.document()
    const odd = { ring, epoch: 0, generation: 1 } as unknown as AuditEntry
    const entries = [odd, ...(await made.trail()).map(entry => ({ ...entry, epoch: 1 }))]
    const other = await benchWith('one')
    const trail = async () => ({ entries, notes: [] })
    const { document } = await emergency({ ...other.context, trail }, { ...request, timeout: 0 })
    expect(statesOf(document, kid)).toEqual(['compromised'])
    expect(document).toMatchObject({ epoch: 2, generation: 5 })
  })

  it('is not stopped by leases and a trail that cannot be read, or that make no sense', async () => {
    const away = async () => Promise.reject(new Error('away'))
    const made = await benchWith('one')
    const unreadable = { ...made.context, leases: { ...made.leases, list: away }, trail: away }
    await expect(emergency(unreadable, { ...request, timeout: 0 })).rejects.toMatchObject({
      code: 'ERR_CONFIRM_TIMEOUT',
      message: expect.stringContaining('the change is made, generation 2'),
    })
    expect((await made.document()).cutoff).toBe(2)

    await new Instance(made, 'liar', lease => ({
      ...lease,
      generation: Number.MAX_SAFE_INTEGER,
    })).acknowledge()
    const odd = [null, {}, 'x', -1, 1.5, Number.NaN, 2 ** 53].map(
      generation => ({ ring: 'immonow/production', epoch: 0, generation }) as unknown as AuditEntry,
    )
    const trail = async () => ({ entries: odd, notes: [] })
    const { document, restored } = await emergency({ ...made.context, trail }, { ...request, timeout: 0 })
    expect([restored, document.epoch, document.generation]).toEqual([false, 0, 3])
  })
})
