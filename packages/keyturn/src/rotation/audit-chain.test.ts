/** The trail: one entry for each generation, each with the hash of the one before. */
import { expect, it } from 'vitest'
import { benchWith, grounds, Instance } from '../../test/fleet-fixtures.ts'
import { limits } from '../../test/ring-fixtures.ts'
import { hashOf } from '../ports/hash.ts'
import { memoryAudit, memoryLeases, memoryStore } from '../ports/memory.ts'
import type { RingDocument } from '../ring/document.ts'
import { generateSecret } from '../secret/generate.ts'
import { initRing } from './adopt.ts'
import { emergency } from './emergency.ts'
import { eraseDue } from './erase.ts'
import { destroyKey, forgetInstance, importKey, retireKey } from './key-verbs.ts'
import { abortOperation } from './resume.ts'
import { rollback } from './rollback.ts'
import { rotate } from './rotate.ts'

const request = { ...grounds, timeout: 30_000 }

it('every change is in the trail exactly once, chained to the one before, with who and why', async () => {
  const made = await benchWith('one')
  const documents: RingDocument[] = []
  made.store.watch?.(() => void made.document().then(document => documents.push(document)))
  const { context, clock } = made

  const { kid: second } = await rotate(context, { ...request, mode: 'graceful', cause: 'scheduled' })
  await rollback(context, request)
  await retireKey(context, { ...request, kid: second, force: true })
  await destroyKey(context, { ...request, kid: second })
  await importKey(context, { ...request, text: generateSecret() })
  await abortOperation(context, request)
  await rotate(context, { ...request, mode: 'hard' })
  await rollback(context, request)
  clock.advance(limits.hold * 1000)
  await eraseDue(context)
  await new Instance(made, 'gone').acknowledge()
  clock.advance(60_000)
  await new Instance(made, 'one').acknowledge()
  await forgetInstance(context, { ...request, instance: 'gone' })
  await emergency(context, { ...request, cause: 'breach' })

  const trail = await made.trail()
  expect(trail.map(({ generation }) => generation)).toEqual(trail.map((_, index) => index + 2))
  expect(trail.map(({ action }) => action)).toEqual([
    'rotate.stage',
    'rotate.activate',
    'rollback.activate',
    'key.retire',
    'key.destroy',
    'key.import',
    'rotate.abort',
    'rotate.stage',
    'rotate.activate',
    'rollback.publish',
    'rollback.activate',
    'erase',
    'fleet.forget:gone',
    'emergency',
  ])
  expect(trail.map(({ prev }) => prev)).toEqual(['', ...trail.slice(0, -1).map(hashOf)])
  for (const entry of trail) {
    expect(entry).toMatchObject({ v: 1, ring: 'immonow/production', epoch: 0, actor: 'a test' })
    expect(entry.reason).not.toBe('')
    expect(new Date(entry.at).toISOString()).toBe(entry.at)
  }
  expect(trail.filter(({ cause }) => cause).map(({ cause }) => cause)).toEqual([
    'scheduled',
    'scheduled',
    'breach',
  ])
  expect(documents.map(({ audit }) => audit)).toEqual(trail)
})

it('each document names its parent by hash and has a nonce of its own', async () => {
  const made = await benchWith('one')
  const documents = [await made.document()]
  made.store.watch?.(() => void made.document().then(document => documents.push(document)))
  await rotate(made.context, { ...request, mode: 'graceful' })
  await rotate(made.context, { ...request, mode: 'hard' })
  expect(documents.map(({ parent }) => parent)).toEqual(['', ...documents.slice(0, -1).map(hashOf)])
  expect(new Set(documents.map(({ nonce }) => nonce)).size).toBe(documents.length)
})

it('an entry says which keys moved, also those whose bytes went with the change', async () => {
  const made = await benchWith('one')
  const [first] = (await made.document()).keys
  const { kid: second } = await rotate(made.context, { ...request, mode: 'graceful' })
  made.clock.advance(limits.grace * 1000)
  await new Instance(made, 'one').acknowledge()
  const { kid: third } = await importKey(made.context, { ...request, text: generateSecret() })
  const trail = await made.trail()
  expect(trail.map(({ keys }) => keys)).toEqual([
    [[second, 'new', 'staged']],
    [
      [first?.kid, 'active', 'retiring'],
      [second, 'staged', 'active'],
    ],
    [
      [first?.kid, 'retiring', 'destroyed'],
      [third, 'new', 'staged'],
    ],
  ])
})

it('no entry holds a piece of a secret', async () => {
  const made = await benchWith('one')
  const texts = [...(await made.ring()).secrets.values()].map(secret => secret.reveal())
  made.store.watch?.(
    () =>
      void made
        .ring()
        .then(({ secrets }) => texts.push(...[...secrets.values()].map(secret => secret.reveal()))),
  )
  await rotate(made.context, { ...request, mode: 'hard' })
  await emergency(made.context, request)
  const written = JSON.stringify([await made.trail(), await made.document(), await made.leases.list()])
  for (const text of texts)
    for (let at = 0; at + 12 <= text.length; at += 1)
      expect(written.includes(text.slice(at, at + 12))).toBe(false)
})

it('a ring that is created begins its own trail', async () => {
  const audit = memoryAudit()
  const clock = (await benchWith()).clock
  const store = memoryStore({ audit, clock })
  const context = { store, leases: memoryLeases(clock), clock, actor: 'a test' }
  const { document } = await initRing(context, { ...grounds, ring: 'immonow/production', limits })
  expect((await audit.read()).entries).toEqual([document.audit])
  expect(document.audit).toMatchObject({ generation: 1, action: 'init', prev: '' })
})
