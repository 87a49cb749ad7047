/** rotateAll: several environments, and nothing is activated anywhere while one gate is shut. */
import { describe, expect, it } from 'vitest'
import { bench, grounds, Instance, type Bench } from '../../test/fleet-fixtures.ts'
import { VirtualClock } from '../../test/virtual-clock.ts'
import { activeKey } from '../ring/keys.ts'
import type { RotationContext, RotationEvent } from './context.ts'
import { abortOperation } from './resume.ts'
import { rotateAll, type Member, type MemberOutcome } from './rotate-all.ts'
import { rotate } from './rotate.ts'

const request = { ...grounds, mode: 'hard', timeout: 30_000 } as const
const names = ['development', 'staging', 'production'] as const

/** Three environments on one clock; those named have an instance that never acknowledges. */
async function environments(...shut: readonly string[]): Promise<Map<string, Bench>> {
  const clock = new VirtualClock()
  const made = new Map(names.map(name => [name, bench({ clock, name: `immonow/${name}` })]))
  for (const [name, each] of made) {
    await new Instance(each, 'good').start()
    if (shut.includes(name)) await new Instance(each, 'bad', lease => ({ ...lease, proofs: {} })).start()
  }
  return made
}
const membersOf = (made: Map<string, Bench>): Member[] =>
  [...made].map(([name, { context }]) => ({ name, context, request }))
/** Somebody shows a later generation as soon as the ring has been staged. */
const restoredLater = (context: RotationContext): RotationContext => ({
  ...context,
  report: ({ type }) => {
    if (type !== 'staged') return
    void context.leases.list().then(async ([lease]) => {
      if (lease) await context.leases.put({ ...lease, instance: 'ahead', role: 'controller', generation: 50 })
    })
  },
})
const codesOf = (outcomes: readonly MemberOutcome[]): unknown[] =>
  outcomes.map(({ outcome, error }) => (outcome ? 'done' : (error as { code?: string } | undefined)?.code))
const generations = async (made: Map<string, Bench>): Promise<number[]> =>
  Promise.all([...made.values()].map(async each => (await each.document()).generation))

describe('rotateAll', () => {
  it('rotates every environment, each with a key of its own', async () => {
    const made = await environments()
    const outcomes = await rotateAll(membersOf(made))
    expect(codesOf(outcomes)).toEqual(['done', 'done', 'done'])
    expect(new Set(outcomes.map(({ outcome }) => outcome?.kid)).size).toBe(3)
    expect(outcomes.map(({ name }) => name)).toEqual(names)
  })

  it('activates nothing anywhere while one gate is shut', async () => {
    const made = await environments('staging')
    const before = await Promise.all(
      [...made.values()].map(async each => activeKey(await each.document()).kid),
    )
    const outcomes = await rotateAll(membersOf(made))
    expect(codesOf(outcomes)).toEqual(['ERR_RING_GATE_SHUT', 'ERR_GATE_TIMEOUT', 'ERR_RING_GATE_SHUT'])
    for (const [index, each] of [...made.values()].entries()) {
      const document = await each.document()
      expect(activeKey(document).kid).toBe(before[index])
      expect(document).toMatchObject({ operation: null, cutoff: 0, keys: [{ state: 'active' }] })
    }
  })

  it('stages nothing further once an environment refuses', async () => {
    const made = await environments()
    const staging = made.get('staging')
    await staging?.leases.remove('good')
    const outcomes = await rotateAll(membersOf(made))
    expect(codesOf(outcomes)).toEqual(['ERR_RING_GATE_SHUT', 'ERR_RING_NO_INSTANCES', undefined])
    expect(await generations(made)).toEqual([3, 1, 1])
  })

  it.each([['staging', 'production'], ['production']])(
    'waits no longer once another environment, its gate open or not, was dropped',
    async (...shut) => {
      const made = await environments(...shut)
      const staging = made.get('staging')
      const clock = staging?.clock
      const started = clock?.monotonic() ?? 0
      if (staging) clock?.in(5_000, async () => void (await abortOperation(staging.context, grounds)))
      const outcomes = await rotateAll(membersOf(made))
      expect(codesOf(outcomes)).toEqual(['ERR_RING_GATE_SHUT', 'ERR_RING_CONFLICT', 'ERR_RING_GATE_SHUT'])
      expect((clock?.monotonic() ?? 0) - started).toBeLessThan(10_000)
      for (const each of made.values()) expect((await each.document()).operation).toBeNull()
    },
  )

  it('activates nothing when a gate that was open is shut by the time the others open', async () => {
    const made = await environments()
    const [first, staging] = [made.get('development'), made.get('staging')]
    const late = staging && (await new Instance(staging, 'late', lease => ({ ...lease, proofs: {} })).start())
    first?.clock.in(5_000, () => new Instance(first, 'bad', lease => ({ ...lease, proofs: {} })).start())
    first?.clock.in(8_000, async () => {
      late?.silence()
      await staging?.leases.remove('late')
    })
    const outcomes = await rotateAll(membersOf(made))
    expect(codesOf(outcomes)).toEqual(['ERR_GATE_TIMEOUT', 'ERR_RING_GATE_SHUT', 'ERR_RING_GATE_SHUT'])
    for (const each of made.values())
      expect(await each.document()).toMatchObject({ operation: null, keys: [{ state: 'active' }] })
  })

  it('asks before it activates, and leaves all as it stands when somebody else decides', async () => {
    const made = await environments()
    const beforeActivation = () => Promise.reject(new Error('another decides'))
    const outcomes = await rotateAll(membersOf(made), { beforeActivation })
    expect(outcomes.map(({ error }) => (error as Error).message)).toEqual(Array(3).fill('another decides'))
    for (const each of made.values()) {
      const { operation, keys } = await each.document()
      expect(operation?.mode).toBe('hard')
      expect(keys.map(({ state }) => state)).toEqual(['active', 'staged'])
    }
  })

  it('is not asked when nothing is to be activated', async () => {
    const made = await environments('staging')
    let isAsked = false
    const beforeActivation = () => Promise.resolve(void (isAsked = true))
    await rotateAll(membersOf(made), { beforeActivation })
    expect(isAsked).toBe(false)
  })

  it('tells of each end as it comes, once', async () => {
    const made = await environments()
    const told: string[] = []
    const outcomes = await rotateAll(membersOf(made), { onEnd: ({ name }) => told.push(name) })
    expect(codesOf(outcomes)).toEqual(['done', 'done', 'done'])
    expect(told.sort()).toEqual([...names].sort())
  })

  it('goes on without the environment that failed, when asked to', async () => {
    const made = await environments('staging')
    const outcomes = await rotateAll(membersOf(made), { keepGoing: true })
    expect(codesOf(outcomes)).toEqual(['done', 'ERR_GATE_TIMEOUT', 'done'])
  })

  it('finishes an unfinished operation first, and drops the others', async () => {
    const made = await environments()
    const staging = made.get('staging')
    const report = ({ type }: RotationEvent): void => {
      if (type === 'gate') throw new Error('killed')
    }
    if (staging) await expect(rotate({ ...staging.context, report }, request)).rejects.toThrow('killed')
    const outcomes = await rotateAll(membersOf(made))
    expect(codesOf(outcomes)).toEqual(['ERR_RING_GATE_SHUT', 'ERR_RING_RESUMED', undefined])
    expect(await staging?.document()).toMatchObject({ operation: null, keys: { length: 2 } })
  })

  it('drops the others also when one cannot be dropped, and says which', async () => {
    const made = await environments('production')
    const members = membersOf(made).map(member =>
      member.name === 'development' ? { ...member, context: restoredLater(member.context) } : member,
    )
    const outcomes = await rotateAll(members)
    expect(codesOf(outcomes)).toEqual(['ERR_RING_REGRESSED', 'ERR_RING_GATE_SHUT', 'ERR_GATE_TIMEOUT'])
    const staging = await made.get('staging')?.document()
    expect(staging).toMatchObject({ operation: null, keys: { length: 1 } })
  })

  it('leaves no lease of its own behind', async () => {
    const made = await environments('production')
    await rotateAll(membersOf(made))
    for (const each of made.values()) {
      const roles = (await each.leases.list()).map(({ role }) => role)
      expect(roles).not.toContain('controller')
    }
  })

  it('waits at all gates at once, not one after the other', async () => {
    const made = await environments('development', 'staging', 'production')
    const clock = made.get('staging')?.clock
    const started = clock?.monotonic() ?? 0
    const outcomes = await rotateAll(membersOf(made))
    expect(codesOf(outcomes)).toEqual(Array(3).fill('ERR_GATE_TIMEOUT'))
    expect((clock?.monotonic() ?? 0) - started).toBeLessThan(35_000)
  })
})
