/** Changes by hand: import, retire, destroy, forget; and the erasing of what is past its time. */
import { describe, expect, it } from 'vitest'
import { benchWith, grounds, Instance } from '../../test/fleet-fixtures.ts'
import { limits, statesOf } from '../../test/ring-fixtures.ts'
import { activeKey, getKey } from '../ring/keys.ts'
import { generateSecret } from '../secret/generate.ts'
import { kidOf } from '../secret/kid.ts'
import type { ChangePhase } from './context.ts'
import { eraseDue } from './erase.ts'
import { destroyKey, forgetInstance, importKey, retireKey } from './key-verbs.ts'
import { rotate } from './rotate.ts'

const request = { ...grounds, timeout: 30_000 }

describe('importKey', () => {
  it('stages a secret under its computed kid, with the kids that its tokens bear', async () => {
    const made = await benchWith('one')
    const text = generateSecret()
    const { document, kid } = await importKey(made.context, { ...grounds, text, aliases: ['key-1'] })
    expect(kid).toBe(kidOf(text))
    expect(getKey(document, 'key-1')).toMatchObject({ kid, state: 'staged' })
    expect((await made.ring()).secrets.get(kid)?.reveal()).toBe(text)
  })

  it('refuses a weak secret with every finding, and without the value', async () => {
    const made = await benchWith('one')
    const text = 'jwt-secret-change-me'
    await expect(importKey(made.context, { ...grounds, text })).rejects.toSatisfy(error => {
      expect(error).toMatchObject({ name: 'ConfigError', code: 'ERR_CONFIG_SECRET_WEAK' })
      expect(error.findings.length).toBeGreaterThan(0)
      return !JSON.stringify([error.message, error.findings]).includes('change-me')
    })
  })

  it('refuses the secret that is in the ring already', async () => {
    const made = await benchWith('one')
    const [secret] = (await made.ring()).secrets.values()
    const text = secret?.reveal() ?? ''
    await expect(importKey(made.context, { ...grounds, text })).rejects.toMatchObject({
      code: 'ERR_RING_KEY_EXISTS',
    })
  })
})

it('retireKey and destroyKey take a key out step by step, and run afterChange', async () => {
  const made = await benchWith('one')
  const phases: ChangePhase[] = []
  const context = { ...made.context, afterChange: async (phase: ChangePhase) => void phases.push(phase) }
  const { kid } = activeKey(await made.document())
  await rotate(made.context, { ...request, mode: 'graceful' })
  await expect(retireKey(context, { ...request, kid })).rejects.toMatchObject({
    code: 'ERR_RING_KEY_OUTSTANDING',
  })
  expect(statesOf(await retireKey(context, { ...request, kid, force: true }), kid)).toEqual(['suspended'])
  expect(statesOf(await destroyKey(context, { ...request, kid }), kid)).toEqual(['destroyed'])
  expect((await made.ring()).secrets.has(kid)).toBe(false)
  expect(phases).toEqual(['activate', 'activate'])
})

describe('forgetInstance', () => {
  it('refuses a name nobody has, and an instance that is alive', async () => {
    const made = await benchWith('one')
    await expect(forgetInstance(made.context, { ...grounds, instance: 'two' })).rejects.toMatchObject({
      code: 'ERR_RING_INSTANCE_NOT_FOUND',
    })
    await expect(forgetInstance(made.context, { ...grounds, instance: 'one' })).rejects.toMatchObject({
      code: 'ERR_RING_INSTANCE_ALIVE',
    })
  })

  it('waives a lost one by name and reason, and knows it again when it returns', async () => {
    const made = await benchWith('one')
    const two = await new Instance(made, 'two').start()
    two.silence()
    made.clock.advance(50_000)
    await forgetInstance(made.context, { ...grounds, instance: 'two' })
    expect((await made.trail()).at(-1)).toMatchObject({ action: 'fleet.forget:two', reason: 'a test' })
    expect((await made.leases.list()).map(({ instance }) => instance)).toEqual(['one'])
    await two.acknowledge()
    expect((await made.leases.list()).map(({ instance }) => instance)).toEqual(['one', 'two'])
  })
})

describe('eraseDue', () => {
  it('does nothing before the time', async () => {
    const made = await benchWith('one')
    await rotate(made.context, { ...request, mode: 'graceful' })
    made.clock.advance((limits.grace - 1) * 1000)
    expect(await eraseDue(made.context)).toMatchObject({ erased: [] })
    expect((await made.document()).generation).toBe(3)
  })

  it('erases what is past its time once, however many come at once', async () => {
    const made = await benchWith('one')
    const { kid } = activeKey(await made.document())
    await rotate(made.context, { ...request, mode: 'graceful' })
    made.clock.advance(limits.grace * 1000)
    const ends = await Promise.all(Array.from({ length: 10 }, () => eraseDue(made.context)))
    expect(ends.every(({ erased }) => erased.includes(kid))).toBe(true)
    expect((await made.document()).generation).toBe(4)
    expect((await made.ring()).secrets.has(kid)).toBe(false)
    expect((await made.trail()).at(-1)).toMatchObject({
      action: 'erase',
      keys: [[kid, 'retiring', 'destroyed']],
    })
  })
})
