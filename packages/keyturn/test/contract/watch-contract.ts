/** watchContract: hints come, sooner or later, until they are stopped. */
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { beginRing, changeRing } from './contract-context.ts'
import { ringName } from './contract-rings.ts'
import { able, cannot, type NewPlace, type StoreHandle } from './store-place.ts'

const mostChanges = 20
const pauseMilliseconds = 10
const pausesEach = 200

/** Changes the ring until the hint comes: one may be lost, and it may be late. */
async function changeUntil(handle: StoreHandle, isHinted: () => boolean): Promise<void> {
  for (let changes = 0; changes < mostChanges; changes += 1) {
    await changeRing(handle)
    for (let pauses = 0; pauses < pausesEach && !isHinted(); pauses += 1) await pause(pauseMilliseconds)
    if (isHinted()) return
  }
  expect.fail(`no hint of ${mostChanges} changes`)
}

export function watchContract(newPlace: NewPlace): void {
  describe('a watch', () => {
    it('hints at changes by another handle, to every watcher, until it is stopped', async context => {
      const place = await newPlace(ringName)
      const [writer, watcher] = [await place.open(), await place.open()]
      await beginRing(writer)
      const { store } = watcher
      const watch = able(context, store.watch?.bind(store) ?? cannot('has no watch: instances poll'))
      const hints = { stopped: 0, going: 0 }
      const stop = watch(() => (hints.stopped += 1))
      const stopOther = watch(() => (hints.going += 1))
      try {
        await changeUntil(writer, () => hints.stopped > 0 && hints.going > 0)
        stop()
        const [before, going] = [hints.stopped, hints.going]
        await changeUntil(writer, () => hints.going > going)
        await changeUntil(writer, () => hints.going > going + 1)
        expect(hints.stopped).toBe(before)
        // Stopping what has stopped harms nobody.
        stop()
      } finally {
        stopOther()
      }
    })

    it('on an empty place hints when the ring is made', async context => {
      const place = await newPlace(ringName)
      const [writer, { store }] = [await place.open(), await place.open()]
      const watch = able(context, store.watch?.bind(store) ?? cannot('has no watch: instances poll'))
      let isHinted = false
      const stop = watch(() => (isHinted = true))
      try {
        await beginRing(writer)
        await changeUntil(writer, () => isHinted)
      } finally {
        stop()
      }
    })
  })
}
