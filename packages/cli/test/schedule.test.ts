import { describe, expect, it } from 'vitest'
import { documentOf } from '../../../test/support/cli.ts'
import { aged, makeRing } from './ring-folder.ts'

const day = 86_400_000

async function dueIn(name: string, settings: Record<string, unknown> = {}): Promise<number> {
  const ring = await makeRing({ [name]: settings })
  const { due } = documentOf<{ due: string }>(await ring.run(['status', '--json']))
  return Math.round((Date.parse(due) - Date.now()) / day)
}

describe('the schedule', () => {
  it('is monthly in development, quarterly in staging, every six months in production', async () => {
    expect(await dueIn('development')).toBe(30)
    expect(await dueIn('staging')).toBe(90)
    expect(await dueIn('production')).toBe(180)
    expect(await dueIn('anything-else')).toBe(180)
  })

  it('is what the configuration says instead', async () => {
    expect(await dueIn('production', { schedule: '45d' })).toBe(45)
    expect(await dueIn('production', { schedule: { every: '60d' } })).toBe(60)
  })

  it('makes status --check exit 3 when a rotation is overdue', async () => {
    const ring = await makeRing({ production: {} })
    await ring.join()
    expect(await ring.run(['status', '--check'])).toMatchObject({ code: 0 })
    await ring.alter(aged(181))
    const overdue = await ring.run(['status', '--check'])
    expect(overdue).toMatchObject({ code: 3 })
    expect(overdue.stdout).toMatch(/rotation overdue since \d{4}-/)
    expect(await ring.run(['status'])).toMatchObject({ code: 0 })
  })
})

describe('keyturn rotate --if-due', () => {
  it('says until when it is not due, and changes nothing', async () => {
    const ring = await makeRing({ staging: {} })
    const done = await ring.run(['rotate', '--if-due', '--no-fleet'])
    expect(done).toMatchObject({ code: 0 })
    expect(done.stdout).toMatch(/^not due until \d{4}-\d\d-\d\d/)
    expect(documentOf<{ generation: number }>(await ring.run(['status', '--json'])).generation).toBe(1)
  })

  it('rotates when it is due, with cause scheduled and no reason asked', async () => {
    const ring = await makeRing({ staging: {} })
    await ring.alter(aged(91))
    const done = await ring.run(['rotate', '--if-due', '--no-fleet'])
    expect(done, done.stderr).toMatchObject({ code: 0 })
    const listed = documentOf<{ entries: { cause?: string; action: string }[] }>(
      await ring.run(['audit', 'list', '--json']),
    )
    expect(listed.entries.at(-1)).toMatchObject({ action: 'rotate.activate', cause: 'scheduled' })
    expect((await ring.run(['rotate', '--if-due', '--no-fleet'])).stdout).toMatch(/^not due/)
  })

  it('erases what is due even when no rotation is: where every environment is fixed, the timer is all there is', async () => {
    const ring = await makeRing({ production: {} })
    expect(await ring.run(['rotate', '--reason', 'x', '--no-fleet'])).toMatchObject({ code: 0 })
    const past = Math.floor(Date.now() / 1000) - 60
    await ring.alter(document => ({
      keys: document.keys.map(key => (key.state === 'retiring' ? { ...key, verifyUntil: past } : key)),
    }))
    expect(await ring.run(['rotate', '--if-due', '--no-fleet'])).toMatchObject({ code: 0 })
    expect(documentOf<{ keys: unknown[] }>(await ring.run(['status', '--json'])).keys).toHaveLength(1)
  })
})
