/** An instance erases what is past its time, unless the trail says that its file was set back. */
import { expect, it } from 'vitest'
import { bench } from '../../test/fleet-fixtures.ts'
import { freshSecret, key } from '../../test/ring-fixtures.ts'
import { sampleTrail } from '../../test/sample-trail.ts'
import { VirtualClock } from '../../test/virtual-clock.ts'
import { emptyDocument } from '../ring/adopt.ts'
import { defaultLimits } from '../ring/document.ts'
import { envFile } from '../stores/env-file.ts'
import { createKeyring } from './create-keyring.ts'

const ring = 'immonow/test'

it('does not write to a ring that is behind its trail, and erases when the newer file is back', async () => {
  const [active, due] = [freshSecret(), freshSecret()]
  const keys = [key(active.kid, 'active'), key(due.kid, 'retiring', { verifyUntil: 1_700_000_000 })]
  // A short lease makes polls frequent.
  const document = { ...emptyDocument(ring, { ...defaultLimits, lease: 1 }, keys), generation: 1 }
  const secrets = new Map([active, due].map(({ kid, secret }) => [kid, secret]))
  const made = bench({ ring: { document, secrets }, clock: new VirtualClock(Date.now()) })

  let asked = 0
  let entries = sampleTrail(5)
  const trail = async () => {
    asked += 1
    return { entries, notes: [] }
  }
  const source = {
    ...envFile('.env'),
    store: made.store,
    leases: made.leases,
    assertLive: () => undefined,
    modeWarning: () => undefined,
    trail,
  }
  const keyring = await createKeyring({ source, log: () => undefined })
  // Once for the start, then for each try to erase: the first has ended when the second begins.
  await expect.poll(() => asked, { timeout: 20_000 }).toBeGreaterThanOrEqual(3)
  expect((await made.document()).generation).toBe(1)

  entries = []
  await expect.poll(async () => (await made.document()).generation, { timeout: 20_000 }).toBe(2)
  expect((await made.ring()).secrets.has(due.kid)).toBe(false)
  await keyring.close()
})
