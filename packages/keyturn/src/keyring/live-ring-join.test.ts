/** LiveRing: joining while a request has already asked the store. */
import { noCounters } from '../ports/lease-board.ts'
import { expect, it } from 'vitest'
import { bench } from '../../test/fleet-fixtures.ts'
import { LiveRing } from './live-ring.ts'

const counters = noCounters

it('does not take a read from before its lease for the one after it', async () => {
  const made = bench()
  const order: string[] = []
  let release: () => void = () => undefined
  const held = new Promise<void>(resolve => (release = resolve))
  const live = new LiveRing(await made.ring(), {
    store: {
      name: 'memory',
      read: async () => {
        order.push('read')
        const ring = await made.store.read()
        await held
        return ring
      },
    },
    leases: {
      ...made.leases,
      put: async lease => {
        order.push('lease')
        await made.leases.put(lease)
      },
    },
    confirmedAt: made.clock.now() - 1_000,
    instance: 'one',
    counters: () => counters,
    onChange: () => undefined,
    onRefused: () => undefined,
    clock: made.clock,
  })
  const asked = live.reload()
  const joined = live.join()
  await new Promise(resolve => setImmediate(resolve))
  expect(order).toEqual(['read', 'lease'])
  release()
  await Promise.all([asked, joined])
  expect(order).toEqual(['read', 'lease', 'read'])
  await live.close()
})
