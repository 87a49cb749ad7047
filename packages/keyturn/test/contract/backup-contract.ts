/** backupContract: a backup that somebody puts back is noticed, and revives no key that leaked. */
import { describe, expect, it } from 'vitest'
import { activeKey, findKey } from '../../src/ring/keys.ts'
import { beginEpoch } from '../../src/rotation/begin-epoch.ts'
import { emergency } from '../../src/rotation/emergency.ts'
import { importKey } from '../../src/rotation/key-verbs.ts'
import { rollback } from '../../src/rotation/rollback.ts'
import { rotate } from '../../src/rotation/rotate.ts'
import { generateSecret } from '../../src/secret/generate.ts'
import type { ErrorCode } from '../../src/errors.ts'
import type { Ring } from '../../src/ports/ring-store.ts'
import { expectError } from '../expect-error.ts'
import { leaseOf } from '../fleet-fixtures.ts'
import { beginRing, changeRing, contextOf } from './contract-context.ts'
import { expectHeld, held, ringName } from './contract-rings.ts'
import { able, type NewPlace, type StoreHandle, type StorePlace } from './store-place.ts'

const grounds = { reason: 'a test' }
const alone = { ...grounds, noFleet: true, timeout: 500 }

/** Every way to a key that signs is refused, by every handle, and the ring stays as it is. */
async function expectHalted(place: StorePlace, ring: Ring): Promise<void> {
  for (const handle of [await place.open(), await place.open()]) {
    const context = contextOf(handle)
    const code = 'ERR_RING_REGRESSED'
    await expectError(() => rotate(context, { ...alone, mode: 'graceful', force: true }), code)
    await expectError(() => rotate(context, { ...alone, mode: 'hard', force: true }), code)
    await expectError(() => rollback(context, alone), code)
    await expectError(() => importKey(context, { ...grounds, text: generateSecret() }), code)
    await expectHeld(handle.store, ring)
  }
}

const acknowledge = async ({ store, leases }: StoreHandle, ring?: Ring): Promise<void> =>
  leases.put(leaseOf(ring ?? (await held(store)), 'one', Date.now()))

/** The way to the key of that text is shut, and no handle's ring has its bytes. */
async function expectDead(place: StorePlace, kid: string, text: string): Promise<void> {
  for (const handle of [await place.open(), await place.open()]) {
    const context = contextOf(handle)
    const ring = await held(handle.store)
    expect(findKey(ring.document, kid)?.state).toBe('compromised')
    expect(ring.secrets.has(kid)).toBe(false)
    const code: ErrorCode = 'ERR_RING_KEY_COMPROMISED'
    await expectError(() => importKey(context, { ...grounds, text }), code)
    await expectError(() => importKey(context, { ...grounds, text, force: true }), code)
    await expectError(() => rollback(context, { ...alone, to: kid }), code)
    await expectHeld(handle.store, ring)
  }
}

export function backupContract(newPlace: NewPlace): void {
  describe('a backup', () => {
    it('of the ring, put back under instances that are ahead of it, halts changes until they are forgotten', async context => {
      const place = await newPlace(ringName)
      const backUp = able(context, place.backUpRing)
      const handle = await place.open()
      await beginRing(handle)
      await rotate(contextOf(handle), { ...alone, mode: 'hard' })
      const putBack = await backUp()
      const backup = await held(handle.store)
      await changeRing(handle)
      await acknowledge(handle)
      await putBack()
      await expectHeld(handle.store, backup)
      await expectHalted(place, backup)

      await handle.leases.remove('one')
      const { document } = await importKey(contextOf(handle), { ...grounds, text: generateSecret() })
      expect(document.generation).toBe(backup.document.generation + 1)
    })

    it('of everything, put back under an instance that is ahead of it, halts changes at its next heartbeat', async context => {
      const place = await newPlace(ringName)
      const backUp = able(context, place.backUpAll)
      const handle = await place.open()
      await beginRing(handle)
      await rotate(contextOf(handle), { ...alone, mode: 'hard' })
      const putBack = await backUp()
      const backup = await held(handle.store)
      await changeRing(handle)
      const ahead = await held(handle.store)
      await putBack()
      const reopened = await place.open()
      await expectHeld(reopened.store, backup)
      await acknowledge(reopened, ahead)
      await expectHalted(place, backup)
    })

    it('followed by other changes, so that an instance holds another ring of the same generation, never gets a new key to sign', async context => {
      const place = await newPlace(ringName)
      const backUp = able(context, place.backUpRing)
      const handle = await place.open()
      await beginRing(handle)
      const putBack = await backUp()
      await changeRing(handle, 'lost with the backup')
      await acknowledge(handle)
      await putBack()
      await changeRing(handle, 'made after it')
      const { document } = await held(handle.store)
      const [lease] = await handle.leases.list()
      expect([lease?.epoch, lease?.generation]).toEqual([document.epoch, document.generation])

      const asked = rotate(contextOf(await place.open()), { ...alone, mode: 'hard' })
      const code = await asked.then(
        () => 'rotated',
        (error: { code?: string }) => error.code,
      )
      expect(['ERR_RING_REGRESSED', 'ERR_GATE_TIMEOUT']).toContain(code)
      expect(activeKey((await held(handle.store)).document).kid).toBe(activeKey(document).kid)
    })

    it('is not taken for one while a fleet and its store are at the same generation', async context => {
      const place = await newPlace(ringName)
      able(context, place.backUpRing)
      const handle = await place.open()
      await beginRing(handle)
      await acknowledge(handle)
      await importKey(contextOf(handle), { ...grounds, text: generateSecret() })
    })
  })

  describe('a compromised key', () => {
    it('is not imported and not rolled back to, by any handle', async () => {
      const place = await newPlace(ringName)
      const handle = await place.open()
      const { kid } = activeKey(await beginRing(handle))
      const text = (await held(handle.store)).secrets.get(kid)?.reveal() ?? ''
      await rotate(contextOf(handle), { ...alone, mode: 'graceful' })
      await emergency(contextOf(await place.open()), { ...grounds, kid })
      await expectDead(place, kid, text)
    })

    it('that a backup of the ring brings back halts changes, as long as the trail knows better; an emergency kills it again', async context => {
      const place = await newPlace(ringName)
      const backUp = able(context, place.backUpRing)
      const handle = await place.open()
      const { kid } = activeKey(await beginRing(handle))
      const text = (await held(handle.store)).secrets.get(kid)?.reveal() ?? ''
      const putBack = await backUp()
      const backup = await held(handle.store)
      await emergency(contextOf(handle), grounds)
      await expectDead(place, kid, text)
      await putBack()
      await expectHalted(place, backup)

      await emergency(contextOf(await place.open()), grounds)
      await expectDead(place, kid, text)
    })

    it('stays dead in the epoch that is begun after a backup of the ring was put back, and changes go on', async context => {
      const place = await newPlace(ringName)
      const backUp = able(context, place.backUpRing)
      const handle = await place.open()
      const { kid } = activeKey(await beginRing(handle))
      const text = (await held(handle.store)).secrets.get(kid)?.reveal() ?? ''
      const putBack = await backUp()
      await emergency(contextOf(handle), grounds)
      const ahead = await changeRing(handle)
      await acknowledge(handle)
      const before = (await handle.audit.read()).entries
      await putBack()
      await expectHalted(place, await held(handle.store))

      const begun = await beginEpoch(contextOf(await place.open()), grounds)
      expect(begun.epoch).toBe(ahead.epoch + 1)
      expect(begun.generation).toBeGreaterThan(ahead.generation)
      await expectDead(place, kid, text)
      const next = await changeRing(handle)
      const { entries, notes } = await handle.audit.read()
      expect(entries).toStrictEqual([...before, begun.audit, next.audit])
      expect(notes.filter(({ severity }) => severity === 'broken')).toEqual([])
      await importKey(contextOf(handle), { ...grounds, text: generateSecret() })
    })
  })
}
