/** Instances whose clock is five minutes off: the gate stays shut, and names them. */
import { describe, expect, it } from 'vitest'
import { embeddedPostgres } from '../../packages/server/test/postgres.ts'
import { hubOfFile } from '../support/hub.ts'
import { until } from '../support/project.ts'
import { emptyProject, signedIn, startFleet } from '../system/hub/fleet.ts'

const limits = { maxTokenLife: 600, maxStale: 60, tolerance: 60, grace: 900, hold: 900, lease: 15 }
const server = await embeddedPostgres()
const hub = hubOfFile(server)

/** The wall clock alone: the monotonic one runs on. @param offset as in `+300` */
const clockOff = (offset: string): Record<string, string> => ({
  LD_PRELOAD: process.env['KEYTURN_LIBFAKETIME'] ?? '',
  FAKETIME: offset,
  FAKETIME_DONT_FAKE_MONOTONIC: '1',
  DONT_FAKE_MONOTONIC: '1',
})

interface Shown {
  readonly instances: readonly {
    readonly instance: string
    readonly standing: string
    readonly why: string | null
    readonly clockOffsetSeconds: number
    readonly process: { readonly pid: number }
  }[]
}

describe.skipIf('cannot' in server)('an instance whose clock', () => {
  for (const [words, offset] of [
    ['is five minutes ahead', 300],
    ['is five minutes behind', -300],
  ] as const)
    it(`${words} keeps the gate shut and is named; the gate opens when it has left`, async () => {
      const ring = await hub().ring(limits)
      const project = emptyProject()
      const [right] = await startFleet(ring, [hub().url], { project })
      const [wrong] = await startFleet(ring, [hub().url], {
        project,
        env: clockOff(`${offset > 0 ? '+' : ''}${offset}`),
      })
      const { instances } = await ring.expect<Shown>('GET', '/fleet')
      const shown = instances.find(({ process }) => process.pid === wrong.pid) ?? expect.unreachable()
      expect(shown.standing).toBe('clock')
      expect(Math.abs(shown.clockOffsetSeconds - offset)).toBeLessThan(20)
      expect(shown.why).toMatch(/has a clock that is -?\d+ s off/)

      const visitor = await signedIn(right)
      const shut = await ring.ended((await ring.begin('/rotations', { timeout: 3000 })).id)
      expect(shut).toMatchObject({ state: 'failed', problem: { code: 'ERR_GATE_TIMEOUT' } })
      expect(shut.problem?.detail).toContain(`${shown.instance} has a clock`)
      expect((await ring.document()).operation?.id).toBe(shut.id)
      expect((await visitor.me(right.url)).status).toBe(200)

      // SIGTERM: it signs off.
      expect(await wrong.stop()).toBe(0)
      const { id } = await ring.begin('/rotations/resume')
      expect(await ring.ended(id)).toMatchObject({ id: shut.id, state: 'done', problem: null })
      await until(
        () => ring.fleet(),
        left => left.length === 1 && left[0]?.standing === 'acknowledged',
      )
      expect((await visitor.me(right.url)).status).toBe(200)
    })

  it('is right is acknowledged, under the same library that fakes the others', async () => {
    const ring = await hub().ring(limits)
    const [one] = await startFleet(ring, [hub().url], { env: clockOff('+0') })
    expect((await ring.fleet()).map(({ standing }) => standing)).toEqual(['acknowledged'])
    expect((await (await signedIn(one)).me(one.url)).status).toBe(200)
  })
})
