/** backupContract: a backup that somebody puts back is noticed, and revives no key that leaked. */
import { describe, expect, it } from 'vitest'
import { activeKey } from '../../src/ring/keys.ts'
import { beginEpoch } from '../../src/rotation/begin-epoch.ts'
import { emergency } from '../../src/rotation/emergency.ts'
import { abortOperation } from '../../src/rotation/resume.ts'
import { rotate } from '../../src/rotation/rotate.ts'
import { expectError } from '../expect-error.ts'
import { beginRing, changeRing, contextOf } from './contract-context.ts'
import { acknowledge, alone, expectDead, expectGoesOn, expectHalted, grounds } from './contract-halts.ts'
import { expectHeld, held, ringName } from './contract-rings.ts'
import { able, type NewPlace } from './store-place.ts'

export function backupContract(newPlace: NewPlace): void {
  describe('a backup', () => {
    it('of the ring, put back under instances and a trail that are ahead of it, halts changes until a new epoch', async context => {
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

      // Without the instances the trail still knows.
      await handle.leases.remove('one')
      await expectHalted(place, backup)
      const begun = await beginEpoch(contextOf(handle), grounds)
      expect(begun).toMatchObject({ epoch: 1, generation: backup.document.generation + 2 })
      await expectGoesOn(handle)
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

    it('of everything, followed by a change, halts changes when an instance holds another ring of the same generation', async context => {
      const place = await newPlace(ringName)
      const backUp = able(context, place.backUpAll)
      const handle = await place.open()
      await beginRing(handle)
      const putBack = await backUp()
      await changeRing(handle, 'lost with the backup')
      const lost = await held(handle.store)
      await putBack()
      const reopened = await place.open()
      await changeRing(reopened, 'made after it')
      const made = await held(reopened.store)
      await acknowledge(reopened, made)
      await expectError(() => abortOperation(contextOf(reopened), grounds), 'ERR_RING_NOTHING_STAGED')

      await acknowledge(reopened, lost)
      const [lease] = await reopened.leases.list()
      const { epoch, generation } = made.document
      expect([lease?.epoch, lease?.generation]).toEqual([epoch, generation])
      await expectHalted(place, made)
      const { document, restored } = await emergency(contextOf(reopened), { ...grounds, timeout: 0 })
      expect({ ...document, restored }).toMatchObject({
        restored: true,
        epoch: epoch + 1,
        generation: generation + 1,
      })
      await expectGoesOn(reopened)
    })

    it('of the ring, followed by a change in spite of all, goes nowhere', async context => {
      const place = await newPlace(ringName)
      const backUp = able(context, place.backUpRing)
      const handle = await place.open()
      await beginRing(handle)
      const putBack = await backUp()
      await changeRing(handle, 'lost with the backup')
      await acknowledge(handle)
      await putBack()
      const { document } = await held(handle.store)
      // Some stores refuse an entry of a generation that the trail has already.
      await changeRing(handle, 'made after it').catch((error: unknown) =>
        expect(error).toMatchObject({ code: 'ERR_RING_REGRESSED' }),
      )
      await expectHalted(place, await held(handle.store))
      await handle.leases.remove('one')
      await expectHalted(place, await held(handle.store))
      expect(activeKey((await held(handle.store)).document).kid).toBe(activeKey(document).kid)
    })

    it('is not taken for one while a fleet and its store are at the same generation', async context => {
      const place = await newPlace(ringName)
      able(context, place.backUpRing)
      const handle = await place.open()
      await beginRing(handle)
      await acknowledge(handle)
      await expectGoesOn(handle)
    })

    it('of the ring does not stop an emergency: past everything that was seen, it kills every key, also where it names one', async context => {
      const place = await newPlace(ringName)
      const backUp = able(context, place.backUpRing)
      const handle = await place.open()
      const { kid: first } = activeKey(await beginRing(handle))
      await rotate(contextOf(handle), { ...alone, mode: 'graceful' })
      const putBack = await backUp()
      const { kid: second } = activeKey((await held(handle.store)).document)
      await rotate(contextOf(handle), { ...alone, mode: 'hard' })
      const { kid: third } = activeKey((await held(handle.store)).document)
      await emergency(contextOf(handle), { ...grounds, kid: third, timeout: 0 })
      const ahead = await changeRing(handle)
      await acknowledge(handle)
      const before = (await handle.audit.read()).entries
      await putBack()

      const request = { ...grounds, kid: first, keepSessions: true, timeout: 0 }
      const outcome = await emergency(contextOf(await place.open()), request)
      const { document } = outcome
      const generation = ahead.generation + 1
      expect(document).toMatchObject({
        epoch: ahead.epoch + 1,
        generation,
        cutoff: generation,
        floor: generation,
      })
      expect(outcome).toMatchObject({ restored: true, kid: activeKey(document).kid })
      expect([...outcome.compromised].sort()).toEqual([first, second, third].sort())
      const reopened = await place.open()
      expect([...(await held(reopened.store)).secrets.keys()]).toEqual([outcome.kid])
      expect((await reopened.audit.read()).entries).toStrictEqual([...before, document.audit])
      await expectGoesOn(reopened)
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
      await expectGoesOn(handle)
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
      const { entries } = await handle.audit.read()
      expect(entries).toStrictEqual([...before, begun.audit, next.audit])
      await expectGoesOn(handle)
    })
  })
}
