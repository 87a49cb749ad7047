/** A thousand runs of the real code in worlds where clocks, messages, processes and the store fail, each repeatable by its seed. */
import { afterAll, describe, expect, it } from 'vitest'
import { simulate, type RunReport } from './simulation.ts'

const count = 1_000
const perTest = 100
const seedVariable = 'KEYTURN_SEED'
const asked = process.env[seedVariable]

/** What to read when a run failed, and the command that repeats it. */
const describeRun = ({ seed, violation, trace }: RunReport): string =>
  [
    `seed ${seed}: ${violation?.invariant}: ${violation?.what}`,
    ...trace,
    `again: npm run test:seed -- ${seed}`,
  ].join('\n')

if (asked !== undefined) {
  it(`holds in the run of seed ${asked}`, async () => {
    const report = await simulate(Number(asked))
    process.stdout.write(`${report.trace.join('\n')}\n${JSON.stringify(report.counts, undefined, 2)}\n`)
    expect(report.violation, describeRun(report)).toBeUndefined()
  })
}

describe.skipIf(asked !== undefined)('a thousand runs', () => {
  const totals = new Map<string, number>()
  let runs = 0

  const firsts = Array.from({ length: count / perTest }, (_, index) => index * perTest + 1)
  it.each(firsts)(`holds in ${perTest} runs from seed %i on`, { timeout: 600_000 }, async first => {
    const failed: string[] = []
    for (let seed = first; seed < first + perTest; seed += 1) {
      const report = await simulate(seed)
      runs += 1
      for (const [name, times] of Object.entries(report.counts))
        totals.set(name, (totals.get(name) ?? 0) + times)
      if (report.violation) failed.push(describeRun(report))
    }
    if (failed.length > 0) expect.fail(failed.join('\n\n'))
  })

  // A world in which nothing happens would hold too.
  afterAll(() => {
    if (runs < count) return
    const seldom = seen.filter(name => (totals.get(name) ?? 0) < 5)
    expect(seldom).toEqual([])
  })
})

it.skipIf(asked !== undefined)('does the same again with the same seed', async () => {
  for (const seed of [1, 2, 3, 5, 8]) {
    const { digest, events } = await simulate(seed)
    expect(await simulate(seed)).toMatchObject({ digest, events })
  }
})

/** What a thousand runs must have met, several times. */
const seen = [
  'commit emergency',
  'commit epoch',
  'commit fleet.forget',
  'commit key.destroy',
  'commit key.import',
  'commit key.retire',
  'commit rollback.activate',
  'commit rollback.publish',
  'commit rollback.resume',
  'commit rotate.abort',
  'commit rotate.activate graceful',
  'commit rotate.activate hard',
  'commit rotate.resume',
  'fault: backup restored',
  'fault: clock set',
  'fault: cut off, all',
  'fault: cut off, answers',
  'fault: cut off, leases',
  'fault: cut off, reads',
  'fault: database away',
  'fault: database silent',
  'fault: false proofs',
  'fault: replica killed',
  'fault: replica stopped',
  'fault: sleep',
  'fault: stop',
  'start from a snapshot',
  'rotate: ERR_GATE_TIMEOUT',
  'rotate: ERR_RING_CONFLICT',
  'rotate: ERR_RING_REGRESSED',
  'rotate: ERR_RING_RESUMED',
  'rotate: done',
  'rollback: done',
  'resume: done',
  'signing answered 503: ERR_RING_STALE',
  'signing answered 503: ERR_RING_VERIFY_ONLY',
  'attack answered 401: ERR_KEY_COMPROMISED',
  'attack answered 401: ERR_KEY_NOT_FOUND',
  'attack answered 401: ERR_KEY_SUSPENDED',
  'leaked key accepted in time',
  'token accepted',
  'token answered 401: ERR_KEY_COMPROMISED',
  'token answered 401: ERR_KEY_SUSPENDED',
  'token answered 503: ERR_KEY_UNKNOWN',
  'token answered 503: ERR_RING_STALE',
]
