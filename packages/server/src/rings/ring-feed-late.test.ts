/** What a replica makes of answers of the database that arrive late. */
import { describe, expect, it } from 'vitest'
import { firstRing, nextRing, put, ringName } from '../../../keyturn/test/contract/contract-rings.ts'
import { onPostgres } from '../../test/fresh-database.ts'
import { embeddedPostgres } from '../../test/postgres.ts'
import { otherRing, replicaOn, until } from '../../test/replica.ts'

const server = await embeddedPostgres()

describe.skipIf('cannot' in server)('RingFeed while answers of the database are late', () => {
  /** A replica whose looks have been answered, and do not arrive before `arrive` is called. */
  async function late() {
    const [one, two] = await onPostgres(server).replicas(2)
    if (!one || !two) throw new Error('two replicas')
    let held: (() => void)[] | undefined
    const db = one.db.withPlugin({
      transformQuery: ({ node }) => node,
      transformResult: async ({ result }) => {
        const isLook = result.rows.some(row => 'halted' in row && !('document' in row) && 'hash' in row)
        if (isLook && held) await new Promise<void>(resolve => held?.push(resolve))
        return result
      },
    })
    const here = replicaOn({ ...one, db })
    return {
      here,
      there: replicaOn(two),
      /** Asks, and returns when the database has answered. */
      ask: async () => {
        const arrivals: (() => void)[] = []
        held = arrivals
        const asked = here.feed.confirmed(ringName)
        await until(() => arrivals.length > 0)
        held = undefined
        return { asked, arrive: () => arrivals.forEach(resolve => resolve()) }
      },
    }
  }

  it('an older answer takes back no own commit, and halts nothing', async () => {
    const { here, ask } = await late()
    const first = await put(here.store, firstRing())
    const { asked, arrive } = await ask()
    const second = await put(here.store, nextRing(first), first)
    arrive()
    expect((await asked)?.state.generation).toBe(2)
    expect(await here.feed.confirmed(ringName)).toMatchObject({ state: { generation: 2 }, halted: null })
    await put(here.store, nextRing(second), second)
  })

  it('an own commit of another ring hides no commit of another replica', async () => {
    const { here, there, ask } = await late()
    const first = await put(here.store, firstRing())
    await put(there.store, nextRing(first), first)
    const { asked, arrive } = await ask()
    await put(here.store, otherRing())
    arrive()
    expect((await asked)?.state.generation).toBe(2)
  })

  it('a first ring that was made meanwhile is not taken for one that is gone', async () => {
    const { here, ask } = await late()
    await put(here.store, otherRing())
    const { asked, arrive } = await ask()
    await put(here.store, firstRing())
    arrive()
    expect(await asked).toMatchObject({ state: { generation: 1 }, halted: null })
  })
})
