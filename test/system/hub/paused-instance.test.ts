/** A backend on the hub that stands still, longer than its lease, in each phase; and one that joins in each phase. */
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { embeddedPostgres } from '../../../packages/server/test/postgres.ts'
import type { Backend } from '../../support/backends.ts'
import { hubOfFile } from '../../support/hub.ts'
import type { InstanceShown, TestRing } from '../../support/ring-of-hub.ts'
import { until } from '../../support/project.ts'
import { problemOf, type Visitor } from '../../support/visitor.ts'
import { emptyProject, signedIn, startFleet } from './fleet.ts'
import { HandMadeInstance } from './hand-made-instance.ts'

const lease = 3
const limits = { maxTokenLife: 600, maxStale: 120, tolerance: 2, grace: 900, hold: 900, lease }
const server = await embeddedPostgres()
const hub = hubOfFile(server)

const shown = async (ring: TestRing, { pid }: Backend): Promise<InstanceShown> =>
  (await ring.fleet()).find(({ process }) => process.pid === pid) ?? expect.unreachable()

/** Until the hub calls it lost, and it must know so itself. Returns what lets it go on. */
async function stopped(ring: TestRing, backend: Backend): Promise<() => void> {
  backend.child.kill('SIGSTOP')
  await pause(lease * 1000 + 500)
  await until(
    () => shown(ring, backend),
    ({ standing }) => standing === 'lost',
  )
  return () => backend.child.kill('SIGCONT')
}

async function forget(ring: TestRing, backend: Backend): Promise<void> {
  const { instance } = await shown(ring, backend)
  await ring.expect('POST', `/fleet/${encodeURIComponent(instance)}/forget`, {
    body: { reason: 'stands still' },
  })
}

/** The very first answers after it goes on, asked before that: none may be a wrong 401. */
async function firstAnswers(visitor: Visitor, backend: Backend, goOn: () => void): Promise<number[]> {
  const early = Array.from({ length: 20 }, () => visitor.me(backend.url))
  await pause(100)
  goOn()
  return (await Promise.all(early)).map(({ status }) => status)
}

const works = (visitor: Visitor, backend: Backend): Promise<unknown> =>
  until(
    () => visitor.me(backend.url),
    ({ status }) => {
      expect(status).not.toBe(401)
      return status === 200
    },
  )

describe.skipIf('cannot' in server)('a backend that stands still', () => {
  it('before a key is staged keeps the gate shut, and lets it open when it goes on', async () => {
    const ring = await hub().ring(limits)
    const [first, second] = await startFleet(ring, [hub().url, hub().url])
    const visitor = await signedIn(second)
    const goOn = await stopped(ring, second)
    const { id } = await ring.begin('/rotations')
    const { instance } = await shown(ring, second)
    const waiting = await until(
      () => ring.expect<{ events: { missing?: { instance: string }[] }[] }>('GET', `/rotations/${id}`),
      ({ events }) => events.at(-1)?.missing?.length === 1,
    )
    expect(waiting.events.at(-1)?.missing?.[0]?.instance).toBe(instance)
    expect((await ring.document()).operation?.id).toBe(id)
    expect(new Set(await firstAnswers(visitor, second, goOn))).not.toContain(401)
    expect(await ring.ended(id)).toMatchObject({ state: 'done', problem: null })
    const after = await signedIn(first)
    for (const person of [visitor, after])
      for (const { url } of [first, second]) expect((await person.me(url)).status).toBe(200)
  })

  it('while the gate is shut and is waived knows the new key before it decides, and signs with none that is dead', async () => {
    const ring = await hub().ring(limits)
    const [first, second] = await startFleet(ring, [hub().url, hub().url])
    const slow = await HandMadeInstance.join(ring)
    const before = await signedIn(second)
    const { id } = await ring.begin('/rotations', { mode: 'hard' })
    await until(
      () => ring.fleet(),
      instances => instances.filter(({ standing }) => standing === 'acknowledged').length === 2,
    )
    const goOn = await stopped(ring, second)
    await forget(ring, second)
    const stop = slow.follow()
    expect(await ring.ended(id)).toMatchObject({ state: 'done', problem: null })
    stop()
    const after = await signedIn(first)

    // A login that was sent while it stood still is answered by a key that everybody accepts, or not at all.
    const [login, statuses] = await Promise.all([before.login(second.url), firstAnswers(after, second, goOn)])
    expect(statuses).not.toContain(401)
    if (login.status === 200)
      for (const backend of [first, second]) expect((await before.me(backend.url)).status).toBe(200)
    else expect(login.status).toBe(503)
    await works(after, second)
    await until(
      () => shown(ring, second),
      ({ standing }) => standing === 'acknowledged',
    )
  })

  it('while a leaked key is killed never accepts it, with its very first answers', async () => {
    const ring = await hub().ring(limits)
    const [first, second] = await startFleet(ring, [hub().url, hub().url])
    const victim = await signedIn(second)
    const goOn = await stopped(ring, second)
    const { id } = await ring.begin('/emergency', { timeout: 500 })
    const view = await ring.ended(id)
    expect(view.outcome?.unconfirmed?.map(({ instance }) => instance)).toEqual([
      (await shown(ring, second)).instance,
    ])
    const fresh = await signedIn(first)
    const [statuses, others] = await Promise.all([
      firstAnswers(victim, second, goOn),
      firstAnswers(fresh, second, () => undefined),
    ])
    // 503 is right as long as it has not asked; 200 never is.
    expect(statuses.filter(status => status !== 401 && status !== 503)).toEqual([])
    expect(others).not.toContain(401)
    await works(fresh, second)
    expect(problemOf(await victim.me(second.url)).code).toBe('ERR_KEY_COMPROMISED')
  })

  it('is not waited for once its process is dead', async () => {
    const ring = await hub().ring(limits)
    const [first, second] = await startFleet(ring, [hub().url, hub().url])
    second.child.kill('SIGKILL')
    await second.exited
    await ring.done('/rotations')
    expect((await (await signedIn(first)).me(first.url)).status).toBe(200)
  })
})

describe.skipIf('cannot' in server)('a backend that joins', () => {
  it('while the gate is shut is waited for, and while a rotation is confirmed knows the new key', async () => {
    const ring = await hub().ring(limits)
    const project = emptyProject()
    const [first] = await startFleet(ring, [hub().url], { project })
    const slow = await HandMadeInstance.join(ring)
    const { id, generation } = await ring.begin('/rotations')
    const [joiner] = await startFleet(ring, [hub().url], { project })
    await until(
      () => shown(ring, joiner),
      each => each.standing === 'acknowledged' && each.generation === generation,
    )
    expect((await ring.document()).operation?.id).toBe(id)
    // Activated, and not confirmed: this one acknowledges the staged key, and then nothing for a while.
    await slow.acknowledge()
    await until(
      () => ring.expect<{ phase: string }>('GET', `/rotations/${id}`),
      ({ phase }) => phase === 'confirm',
    )
    const [late] = await startFleet(ring, [hub().url], { project })
    const visitor = await signedIn(late)
    for (const { url } of [first, joiner, late]) expect((await visitor.me(url)).status).toBe(200)
    expect(await ring.expect('GET', `/rotations/${id}`)).toMatchObject({ state: 'running' })
    const stop = slow.follow()
    expect(await ring.ended(id)).toMatchObject({ state: 'done', outcome: { acknowledged: 4 } })
    stop()
  })
})
