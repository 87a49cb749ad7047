/** The replica that runs a rotation is killed -9 at each of its steps: another one goes on with the same operation. */
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { RotationView } from '../../../packages/server/src/rotations/rotation-view.ts'
import { embeddedPostgres } from '../../../packages/server/test/postgres.ts'
import { hubOfFile } from '../../support/hub.ts'
import type { Replica } from '../../support/replica.ts'
import type { TestRing } from '../../support/ring-of-hub.ts'
import { until } from '../../support/project.ts'
import { startFleet } from './fleet.ts'
import { Load, unjust } from './load.ts'

const limits = { maxTokenLife: 60, maxStale: 60, tolerance: 2, grace: 130, hold: 600, lease: 15 }
const server = await embeddedPostgres()
// One that lives all the time; who is killed comes and goes.
const hub = hubOfFile(server, 1)

interface Case {
  readonly point: string
  readonly path: '/rotations' | '/rollbacks' | '/emergency'
  readonly body?: object
  /** Nothing had been changed, so the record says so, and whoever asked has to ask again. */
  readonly isUnchanged?: true
}

const rotation = { path: '/rotations', body: { mode: 'graceful', force: true } } as const
const hard = { path: '/rotations', body: { mode: 'hard', force: true } } as const
const rollback = { path: '/rollbacks' } as const
const cases: readonly Case[] = [
  { point: 'rotate.before-stage', ...rotation, isUnchanged: true },
  { point: 'rotate.after-stage', ...rotation },
  { point: 'rotate.gate-open', ...rotation },
  { point: 'rotate.after-activate', ...rotation },
  { point: 'rotate.confirmed', ...rotation },
  // Back to a key that is retiring: there is no gate, so its first step is its last.
  { point: 'rotate.after-activate', ...rollback },
  { point: 'rotate.gate-open', ...hard },
  { point: 'rollback.before-publish', ...rollback, isUnchanged: true },
  { point: 'rotate.after-activate', ...hard },
  { point: 'rollback.after-publish', ...rollback },
  { point: 'emergency.before-change', path: '/emergency', isUnchanged: true },
  { point: 'emergency.after-change', path: '/emergency' },
]

/** Asks a replica that is killed while it works on it. Returns the newest rotation, as another replica shows it. */
async function begin(ring: TestRing, victim: Replica, { path, body }: Case): Promise<RotationView> {
  const reason = `until ${victim.pid}`
  const asked = ring.begin(path, { reason, ...body }, { at: victim.url }).catch(() => undefined)
  expect(await victim.exited).toBe('SIGKILL')
  const answered = await asked
  const { rotations } = await ring.expect<{ rotations: RotationView[] }>('GET', '/rotations')
  const found = rotations.find(each => each.reason === reason) ?? expect.unreachable()
  // Who was answered before the end was told of this very operation.
  if (answered) expect(found.id).toBe(answered.id)
  return found
}

async function expectSound(ring: TestRing): Promise<void> {
  const { entries, notes } = await ring.trail()
  expect(notes).toEqual([])
  const { operation, generation } = await ring.document()
  expect(operation).toBeNull()
  expect(entries.map(entry => entry.generation)).toEqual(
    Array.from({ length: generation }, (_, index) => index + 1),
  )
}

describe.skipIf('cannot' in server)('a replica killed with -9', () => {
  it('leaves rotations, rollbacks and emergencies to another, whatever its last step was, and nobody is refused', async () => {
    const ring = await hub().ring(limits)
    const fleet = await startFleet(ring, [hub().url, hub().url])
    const load = new Load(fleet)
    await load.signIn(3)
    load.start({ loops: 3, wait: 100 })
    const ends: number[] = []
    // Each is started while the one before it is at work.
    const startVictim = ({ point }: Case): Promise<Replica> => hub().start({ failpoint: point })
    let next = startVictim(cases[0] ?? expect.unreachable())
    for (const [index, each] of cases.entries()) {
      const victim = await next
      const following = cases[index + 1]
      const { activeKid, generation } = await stateOf(ring)
      const { id } = await begin(ring, victim, each)
      if (following) next = startVictim(following)
      const ended = await ring.ended(id)
      ends.push(Date.parse(ended.endedAt ?? ''))
      const after = await stateOf(ring)
      const what = `${each.path} ${each.point}: ${JSON.stringify(ended)}`
      if (each.isUnchanged) {
        expect(ended, what).toMatchObject({ state: 'failed', problem: { code: 'ERR_RING_CONFLICT' } })
        expect(after).toEqual({ activeKid, generation })
        ends.push(Date.parse((await ring.done(each.path, each.body ?? {})).endedAt ?? ''))
      } else {
        expect(ended, what).toMatchObject({ id, state: 'done', problem: null, kid: after.activeKid })
        expect(ended.replica).not.toContain(`-${victim.pid}-`)
      }
      expect((await stateOf(ring)).activeKid).not.toBe(activeKid)
      await expectSound(ring)
    }
    await pause(500)
    await load.stop()
    const { entries } = await ring.trail()
    const endedBy = (time: number): number => Math.min(...ends.filter(end => end >= time), Infinity)
    expect(unjust(load.refusals, entries, endedBy)).toEqual([])
    expect(entries.filter(({ action }) => action === 'rotate.resume')).toHaveLength(3)
    expect(load.requests).toBeGreaterThan(cases.length * 10)
  })

  it('is followed by one that is killed as well when it takes over, and a third one ends it', async () => {
    const ring = await hub().ring(limits)
    await startFleet(ring, [hub().url])
    const [survivor] = hub().replicas
    const first = await hub().start({ failpoint: 'rotate.after-stage' })
    const second = await hub().start({ failpoint: 'resume.taken-over' })
    // Only the second one is there to take over.
    survivor?.child.kill('SIGSTOP')
    hub().balancer.remove(survivor?.url ?? '')
    const asked = ring.begin('/rotations', {}, { at: first.url }).catch(() => undefined)
    expect(await first.exited).toBe('SIGKILL')
    await asked
    expect(await second.exited).toBe('SIGKILL')
    survivor?.child.kill('SIGCONT')
    hub().balancer.add(survivor?.url ?? '')
    const { rotations } = await until(
      () => ring.expect<{ rotations: RotationView[] }>('GET', '/rotations'),
      list => list.rotations.length > 0,
    )
    const ended = await ring.ended(rotations[0]?.id ?? '')
    expect(ended).toMatchObject({ state: 'done', problem: null })
    expect(ended.replica).toContain(`-${survivor?.pid}-`)
    const { entries } = await ring.trail()
    expect(entries.map(({ action }) => action)).toEqual([
      'init',
      'rotate.stage',
      'rotate.resume',
      'rotate.resume',
      'rotate.activate',
    ])
    await expectSound(ring)
  })
})

async function stateOf(ring: TestRing): Promise<{ activeKid: string | undefined; generation: number }> {
  const { keys, generation } = await ring.document()
  return { activeKid: keys.find(({ state }) => state === 'active')?.kid, generation }
}
