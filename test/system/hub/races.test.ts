/** Sixty-four rotations at once over two replicas: one wins a round, the others are told so. */
import { describe, expect, it } from 'vitest'
import { embeddedPostgres } from '../../../packages/server/test/postgres.ts'
import { hubOfFile } from '../../support/hub.ts'
import type { TestRing } from '../../support/ring-of-hub.ts'
import { HandMadeInstance } from './hand-made-instance.ts'

const server = await embeddedPostgres()
const hub = hubOfFile(server)
const rounds = process.env['KEYTURN_FAULTS'] === 'full' ? 100 : 5
const callers = 64
const limits = { maxTokenLife: 600, maxStale: 60, tolerance: 5, grace: 700, hold: 700 }

/** All at once, half of them to each replica. Returns the codes, and the ids of those that won. */
async function race(ring: TestRing, body: object): Promise<{ won: string[]; lost: string[] }> {
  const { replicas } = ring.hub
  const answers = await Promise.all(
    Array.from({ length: callers }, (_, number) =>
      ring.ask('POST', '/rotations', { at: replicas[number % replicas.length]?.url ?? '', body }),
    ),
  )
  const won = answers.filter(({ status }) => status === 202)
  const lost = answers.filter(({ status }) => status !== 202)
  expect(lost.filter(({ status }) => status !== 409).map(({ body: each }) => each)).toEqual([])
  return { won: won.map(each => (each.body as { id: string }).id), lost: lost.map(({ code }) => code) }
}

/** Each generation once, and each stage followed by its own activation. */
async function expectInOrder(ring: TestRing, rotations: number): Promise<void> {
  const { entries, notes } = await ring.trail()
  expect(notes).toEqual([])
  expect(entries.map(({ generation }) => generation)).toEqual(entries.map((_, index) => index + 1))
  const steps = entries.filter(({ action }) => action.startsWith('rotate.'))
  expect(steps.map(({ action }) => action)).toEqual(
    Array.from({ length: rotations }, () => ['rotate.stage', 'rotate.activate']).flat(),
  )
  for (let at = 0; at < steps.length; at += 2) {
    const staged = steps[at]?.keys.find(([, , to]) => to === 'staged')?.[0]
    expect(steps[at + 1]?.keys.find(([, , to]) => to === 'active')?.[0]).toBe(staged)
  }
}

describe.skipIf('cannot' in server)(`${callers} rotations at once over two replicas`, () => {
  it(`have one winner in each of ${rounds} rounds, while the gate is shut`, async () => {
    const ring = await hub().ring(limits)
    const instance = await HandMadeInstance.join(ring)
    const codes = new Set<string>()
    for (let round = 1; round <= rounds; round += 1) {
      const { won, lost } = await race(ring, { mode: 'hard', force: true, reason: `round ${round}` })
      expect(won, lost.join(' ')).toHaveLength(1)
      lost.forEach(code => codes.add(code))
      const stop = instance.follow()
      expect(await ring.ended(won[0] ?? '')).toMatchObject({ state: 'done', problem: null })
      stop()
    }
    expect([...codes].filter(code => !/^ERR_RING_(OPERATION|CONFLICT)$/.test(code))).toEqual([])
    await expectInOrder(ring, rounds)
  })

  it(`have one winner in each of ${rounds} rounds of one plan, with nobody to wait for`, async () => {
    const ring = await hub().ring(limits)
    const codes = new Set<string>()
    for (let round = 1; round <= rounds; round += 1) {
      const what = { mode: 'hard', force: true }
      const { id } = await ring.expect<{ id: string }>('POST', '/plans', {
        body: { kind: 'rotation', ...what },
      })
      const { won, lost } = await race(ring, { ...what, plan: id, noFleet: true, reason: `round ${round}` })
      expect(won, lost.join(' ')).toHaveLength(1)
      lost.forEach(code => codes.add(code))
      expect(await ring.ended(won[0] ?? '')).toMatchObject({ state: 'done', problem: null })
    }
    expect([...codes].filter(code => !/^ERR_RING_(OPERATION|CONFLICT|PLAN)$/.test(code))).toEqual([])
    await expectInOrder(ring, rounds)
  })
})
