/** Five backends on two replicas serve signed-in people while their keys change: no valid token is refused. */
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { embeddedPostgres } from '../../../packages/server/test/postgres.ts'
import { TcpProxy } from '../../../packages/server/test/tcp-proxy.ts'
import { hubOfFile } from '../../support/hub.ts'
import type { TestRing } from '../../support/ring-of-hub.ts'
import { until } from '../../support/project.ts'
import { problemOf } from '../../support/visitor.ts'
import { signedIn, startFleet } from './fleet.ts'
import { Load, unjust } from './load.ts'

const isFull = process.env['KEYTURN_FAULTS'] === 'full'
const times = isFull
  ? { graceful: 50, hard: 10, rollback: 10, emergency: 25 }
  : { graceful: 10, hard: 2, rollback: 2, emergency: 5 }
/** Lives so short that tokens of several keys are about, and a ring that has room for all of them. */
const limits = { maxTokenLife: 6, maxStale: 20, tolerance: 1, grace: 28, hold: 600, lease: 15 }
const backends = 5

const server = await embeddedPostgres()
const hub = hubOfFile(server)
const balanced = (): readonly string[] => Array.from({ length: backends }, () => hub().url)

/** A ring holds 32 keys with bytes: a rotation waits until some of the retiring ones are past their time. */
const room = (ring: TestRing): Promise<unknown> =>
  until(
    () => ring.document(),
    ({ keys }) => keys.filter(({ state }) => state === 'retiring').length < 24,
  )

describe.skipIf('cannot' in server)('a fleet of five on two replicas, under load', () => {
  it(`is never wrong about a token in ${times.graceful} graceful rotations, ${times.hard} hard ones and ${times.rollback} rollbacks`, async () => {
    const ring = await hub().ring(limits)
    const fleet = await startFleet(ring, balanced())
    const load = new Load(fleet)
    await load.signIn(12)
    const ends: number[] = []
    const change = async (path: string, body: object = {}): Promise<void> => {
      const at = hub().replicas[ends.length % 2]?.url ?? ''
      const { endedAt } = await ring.done(path, body, { at })
      ends.push(Date.parse(endedAt ?? ''))
    }
    load.start({ loops: 6, wait: 140 })
    for (let done = 0; done < times.graceful; done += 1) {
      await room(ring)
      await change('/rotations', { mode: 'graceful', force: true })
    }
    for (let done = 0; done < Math.max(times.hard, times.rollback); done += 1) {
      if (done < times.hard) await change('/rotations', { mode: 'hard', force: true })
      if (done < times.rollback) await change('/rollbacks')
    }
    await pause(1000)
    const rate = await load.stop()

    const { entries, notes } = await ring.trail()
    expect(notes).toEqual([])
    expect(entries.map(({ generation }) => generation)).toEqual(entries.map((_, index) => index + 1))
    // The clock of the database is this machine's.
    const endedBy = (time: number): number => Math.min(...ends.filter(end => end >= time), Infinity)
    expect(unjust(load.refusals, entries, endedBy)).toEqual([])
    expect(load.refusals.filter(({ code }) => code === 'ERR_KEY_SUSPENDED').length).toBeGreaterThan(0)
    expect(load.newTokens).toBeGreaterThan(2 * times.graceful)
    const signedOut = load.refusals.length
    console.log(
      `${load.requests} requests, ${Math.round(rate)} a second, ${load.newTokens} new tokens shown to ${backends} backends at once; ${signedOut} refused rightly after hard rotations, 0 wrongly`,
    )
  })

  it(`kills a leaked key on every backend at once, ${times.emergency} times`, async () => {
    const ring = await hub().ring(limits)
    const fleet = await startFleet(ring, balanced())
    const load = new Load(fleet)
    await load.signIn(4)
    load.start({ loops: 6, wait: 140 })
    const sinceCommit: number[] = []
    const sinceAnswer: number[] = []
    for (let done = 0; done < times.emergency; done += 1) {
      const visitor = await signedIn(fleet[done % backends] ?? expect.unreachable())
      const { token } = visitor
      const isOver = { value: false }
      const refusedAt = fleet.map(async ({ url }) => {
        for (;;) {
          const at = Date.now()
          const answer = await visitor.me(url, token)
          // An old token may also be too old: then it tells nothing.
          if (answer.status === 401) return { at, code: problemOf(answer).code }
          expect(answer.status).toBe(200)
          if (isOver.value) return { at: Infinity, code: '' }
          await pause(5)
        }
      })
      const view = await ring.begin('/emergency', { cause: 'compromised' })
      const answered = Date.now()
      const stop = setTimeout(() => (isOver.value = true), 10_000)
      const refused = await Promise.all(refusedAt)
      clearTimeout(stop)
      expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(['ERR_KEY_COMPROMISED']))
      const { entries } = await ring.trail()
      const committed = Date.parse(entries.find(({ generation }) => generation === view.generation)?.at ?? '')
      sinceCommit.push(...refused.map(({ at }) => Math.max(0, at - committed)))
      sinceAnswer.push(...refused.map(({ at }) => Math.max(0, at - answered)))
      expect(await ring.ended(view.id)).toMatchObject({ state: 'done', outcome: { unconfirmed: [] } })
    }
    const rate = await load.stop()
    const shown = (values: readonly number[]): string =>
      `p50 ${at(values, 0.5)} ms, p99 ${at(values, 0.99)} ms`
    console.log(
      `emergencies at ${Math.round(rate)} requests a second: dead on ${backends} backends since commit ${shown(sinceCommit)}; since the answer ${shown(sinceAnswer)} (${sinceCommit.length} values)`,
    )
    expect(Math.max(...sinceCommit)).toBeLessThan(10_000)
  })

  it('stops a backend that is cut off by maxStale: a leaked key is worth nothing there, and nobody is told 401', async () => {
    const maxStale = 6
    const ring = await hub().ring({ ...limits, maxTokenLife: 600, maxStale, grace: 700, lease: 4 })
    const proxy = await TcpProxy.to(hub().balancer.port)
    const [near, far] = await startFleet(ring, [hub().url, `http://127.0.0.1:${proxy.port}`])
    const visitor = await signedIn(far)
    const leaked = visitor.token
    // Nothing is closed: the connections are there, and silent.
    proxy.silence()
    proxy.watch({ request: () => false, reply: () => false })
    const cutAt = Date.now()
    const { id } = await ring.begin('/emergency', { timeout: 1000 })
    await until(
      () => visitor.me(near.url, leaked),
      answer => answer.status === 401,
    )
    expect((await visitor.login(near.url)).status).toBe(200)
    const fresh = visitor.token
    const seen = new Set<string>()
    for (;;) {
      const from = Date.now()
      const [old, valid] = await Promise.all([visitor.me(far.url, leaked), visitor.me(far.url, fresh)])
      if (from > cutAt + maxStale * 1000) {
        expect([old.status, valid.status]).toEqual([503, 503])
        expect(problemOf(valid).code).toBe('ERR_RING_STALE')
        expect(valid.headers.get('retry-after')).not.toBeNull()
        if (from > cutAt + maxStale * 1500) break
      } else seen.add(`${old.status} ${valid.status}`)
      await pause(100)
    }
    // What it cannot know it does not refuse for good.
    expect([...seen].filter(each => !/^(200|503) 503$/.test(each))).toEqual([])
    const view = await ring.ended(id)
    expect(view.outcome?.unconfirmed).toMatchObject([{ instance: expect.any(String) }])
    const stopsBy = Date.parse(view.outcome?.unconfirmed?.[0]?.stopsBy ?? '')
    expect(stopsBy).toBeGreaterThanOrEqual(cutAt + maxStale * 1000)

    proxy.watch({})
    proxy.dropAll()
    await until(
      () => visitor.me(far.url, fresh),
      answer => answer.status === 200,
    )
    const dead = await visitor.me(far.url, leaked)
    expect(problemOf(dead)).toMatchObject({ status: 401, code: 'ERR_KEY_COMPROMISED' })
  })
})

/** The value below which that share of them lies. */
const at = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? NaN
