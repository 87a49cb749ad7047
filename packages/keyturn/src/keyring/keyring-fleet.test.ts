/** Principle 2 with a whole fleet: whatever rotates, a valid token is never answered with 401. */
import { expect, it } from 'vitest'
import { bench, grounds } from '../../test/fleet-fixtures.ts'
import { limits } from '../../test/ring-fixtures.ts'
import type { RotationEvent } from '../rotation/context.ts'
import { rollback } from '../rotation/rollback.ts'
import { rotate } from '../rotation/rotate.ts'
import { Counting } from './counters.ts'
import { Emitter } from './events.ts'
import { Keyring } from './keyring.ts'
import { LiveRing } from './live-ring.ts'

const names = ['one', 'two', 'three', 'slow'] as const

/** Four instances; the slow one gets no hints and reads every 700 ms. */
async function fleet() {
  const made = bench()
  const { clock, leases } = made
  const keyrings: Keyring[] = []
  for (const instance of names) {
    const store = instance === 'slow' ? { ...made.store, watch: () => () => undefined } : made.store
    const counting = new Counting()
    const counters = () => counting.snapshot()
    const ignore = (): void => undefined
    const options = { store, leases, instance, counters, clock, onChange: ignore, onRefused: ignore }
    const live = new LiveRing(await made.ring(), options)
    await live.join()
    const beat = (): void => void (live.putLease(), clock.in(10_000, beat))
    const read = (): void => void (live.reload(), clock.in(700, read))
    clock.in(10_000, beat)
    if (instance === 'slow') clock.in(700, read)
    keyrings.push(new Keyring({ live }, { checks: {}, emitter: new Emitter(), counting, clock }))
  }
  return { made, keyrings, close: () => Promise.all(keyrings.map(each => each.close())) }
}

it('20 graceful rotations and a rollback of each third refuse no token on any instance', async () => {
  const { made, keyrings, close } = await fleet()
  const tokens: string[] = []
  const answers: Promise<unknown>[] = []
  const work = (event?: RotationEvent): void => {
    if (event?.type === 'gate' && answers.length % 3 > 0) return
    tokens.push(...keyrings.map(each => each.sign({ sub: 'anna' }, { expiresIn: limits.maxTokenLife })))
    for (const token of tokens.slice(-24)) for (const each of keyrings) answers.push(each.authenticate(token))
  }
  const context = { ...made.context, report: work }
  const request = { ...grounds, mode: 'graceful', force: true, timeout: 60_000 } as const
  for (let count = 0; count < 20; count += 1) {
    await rotate(context, request)
    if (count % 3 === 0) await rollback(context, { ...grounds, timeout: 60_000 })
    work()
    made.clock.advance(1_000)
  }
  const refused = (await Promise.allSettled(answers)).filter(({ status }) => status === 'rejected')
  expect(refused).toEqual([])
  expect(answers.length).toBeGreaterThan(2_000)
  await close()
})

it('a hard rotation refuses every earlier token everywhere, and no new one anywhere', async () => {
  const { made, keyrings, close } = await fleet()
  const old = keyrings.map(each => each.sign({}, { expiresIn: '1h' }))
  const answers: Promise<unknown>[] = []
  let signer: string | undefined
  const report = ({ type }: RotationEvent): void => {
    if (type !== 'activated' && type !== 'confirming') return
    for (const each of keyrings.filter(({ activeKid }) => activeKid === signer))
      for (const other of keyrings) answers.push(other.authenticate(each.sign({}, { expiresIn: '1h' })))
  }
  made.store.watch?.(
    () =>
      void made.document().then(({ keys, operation }) => {
        if (!operation) signer = keys.find(({ state }) => state === 'active')?.kid
      }),
  )
  await rotate({ ...made.context, report }, { ...grounds, mode: 'hard', timeout: 60_000 })
  for (const end of await Promise.allSettled(answers)) expect(end.status).toBe('fulfilled')
  expect(answers.length).toBeGreaterThan(0)
  for (const token of old)
    for (const each of keyrings)
      await expect(each.authenticate(token)).rejects.toMatchObject({ code: 'ERR_KEY_SUSPENDED', status: 401 })
  await close()
})
