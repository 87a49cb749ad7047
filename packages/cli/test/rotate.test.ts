import { describe, expect, it } from 'vitest'
import { documentOf, type Status } from '../../../test/support/cli.ts'
import { makeRing, type RingFolder } from './ring-folder.ts'

const statusOf = async (ring: RingFolder): Promise<Status> =>
  documentOf<Status>(await ring.run(['status', '--json']))

describe('keyturn rotate', () => {
  it('needs a reason, exit 2, and instances, exit 6', async () => {
    const ring = await makeRing()
    const silent = await ring.run(['rotate'])
    expect(silent).toMatchObject({ code: 2, stdout: '' })
    expect(silent.stderr).toContain('--reason')
    const alone = await ring.run(['rotate', '--reason', 'x'])
    expect(alone).toMatchObject({ code: 6 })
    expect(alone.stderr).toContain('--no-fleet')
    expect((await statusOf(ring)).generation).toBe(1)
  })

  it('refuses wrong flags with exit 2 and changes nothing', async () => {
    const ring = await makeRing()
    for (const flags of [
      ['--mode', 'soft'],
      ['--mode', 'emergency'],
      ['--cause', 'boredom'],
      ['--grace', '5m'],
      ['--grace', 'long'],
      ['--timeout', '0'],
      ['--plan', 'p_1'],
      ['--reason', 'x'.repeat(257)],
      ['--reason', 'two\nlines'],
      ['--all-environments', '--file', '.env'],
      ['--unknown'],
      ['extra'],
    ])
      expect(
        await ring.run(['rotate', '--no-fleet', '--reason', 'x', ...flags]),
        flags.join(' '),
      ).toMatchObject({ code: 2 })
    expect((await statusOf(ring)).generation).toBe(1)
  })

  it('says with --dry-run what would happen to whom, and changes nothing', async () => {
    const ring = await makeRing()
    const graceful = await ring.run(['rotate', '--dry-run'])
    expect(graceful).toMatchObject({ code: 0 })
    expect(graceful.stdout).toContain('Sessions ended: 0.')
    const hard = await ring.run(['rotate', '--mode', 'hard', '--dry-run', '--exit-code'])
    expect(hard).toMatchObject({ code: 10 })
    expect(hard.stdout).toContain('Sessions ended: all.')
    expect((await statusOf(ring)).generation).toBe(1)
  })

  it('applies a plan exactly, or refuses because the ring has moved', async () => {
    const ring = await makeRing()
    await ring.join()
    const { id } = documentOf<{ id: string }>(
      await ring.run(['rotate', '--mode', 'hard', '--grace', '30h', '--dry-run', '--json']),
    )
    const { id: other } = documentOf<{ id: string }>(await ring.run(['rotate', '--dry-run', '--json']))
    const done = await ring.run(['rotate', '--plan', id, '--reason', 'as planned', '--json'])
    expect(documentOf(done)).toMatchObject({
      schema: 'keyturn/rotate/v1',
      mode: 'hard',
      sessionsEnded: 'all',
      proven: true,
    })
    const stale = await ring.run(['rotate', '--plan', other, '--reason', 'too late'])
    expect(stale).toMatchObject({ code: 6 })
    expect(stale.stderr).toContain('ERR_RING_PLAN')
  })

  it('refuses a second graceful rotation while a key retires, unless it is forced', async () => {
    const ring = await makeRing()
    await ring.join()
    expect(await ring.run(['rotate', '--reason', 'x'])).toMatchObject({ code: 0 })
    const refused = await ring.run(['rotate', '--reason', 'x'])
    expect(refused).toMatchObject({ code: 6 })
    expect(refused.stderr).toContain('is still retiring')
    expect(await ring.run(['rotate', '--reason', 'x', '--force'])).toMatchObject({ code: 0 })
    expect((await statusOf(ring)).keys.map(key => key.state).sort()).toEqual([
      'active',
      'retiring',
      'retiring',
    ])
  })

  it('takes flags before and after the command', async () => {
    const ring = await makeRing()
    for (const args of [
      ['--json', 'status'],
      ['status', '--json'],
      ['--file', ring.file, 'status', '--json'],
      ['status', '--json', '--file', ring.file],
    ])
      expect(documentOf(await ring.run(args))).toMatchObject({
        schema: 'keyturn/status/v1',
        ring: 'default/default',
      })
  })

  it('refuses a grace that the tokens of this ring outlive, whatever the configuration says', async () => {
    const ring = await makeRing()
    await ring.alter(document => ({ limits: { ...document.limits, maxTokenLife: 86_400 } }))
    const refused = await ring.run(['rotate', '--grace', '3h', '--reason', 'x', '--no-fleet'])
    expect(refused).toMatchObject({ code: 2 })
    expect(refused.stderr).toContain('tokens would die early')
    expect(await ring.run(['rotate', '--grace', '30h', '--reason', 'x', '--no-fleet'])).toMatchObject({
      code: 0,
    })
  })

  it('has nothing to abort when nothing is staged', async () => {
    const ring = await makeRing()
    expect(await ring.run(['rotate', '--abort'])).toMatchObject({ code: 6 })
    expect((await statusOf(ring)).generation).toBe(1)
  })
})

describe('keyturn rollback', () => {
  it('has nothing to take back at first, and goes one rotation further each time', async () => {
    const ring = await makeRing()
    await ring.join()
    expect(await ring.run(['rollback', '--reason', 'x'])).toMatchObject({ code: 6 })
    const first = (await statusOf(ring)).keys[0]?.kid
    for (const mode of ['graceful', 'hard'])
      expect(await ring.run(['rotate', '--mode', mode, '--reason', mode])).toMatchObject({ code: 0 })
    const dry = await ring.run(['rollback', '--dry-run'])
    expect(dry.stdout).toContain('Sessions that the rotation ended work again.')
    expect(await ring.run(['rollback', '--to', 'unknown', '--reason', 'x'])).toMatchObject({ code: 6 })
    for (const restored of [true, false]) {
      const done = await ring.run(['rollback', '--reason', 'x', '--json'])
      expect(documentOf(done), done.stderr).toMatchObject({ sessionsRestored: restored })
    }
    expect((await statusOf(ring)).keys.find(key => key.state === 'active')?.kid).toBe(first)
    expect(await ring.run(['rollback', '--reason', 'x'])).toMatchObject({ code: 6 })
  })
})

describe('keyturn emergency', () => {
  it('wants the name of the ring and a reason, and is refused by nothing else', async () => {
    const ring = await makeRing()
    await ring.join()
    expect(await ring.run(['emergency', '--reason', 'x'])).toMatchObject({ code: 2 })
    expect(await ring.run(['emergency', '--reason', 'x', '--confirm', 'other/ring'])).toMatchObject({
      code: 2,
    })
    expect(await ring.run(['emergency', '--confirm', 'default/default'])).toMatchObject({ code: 2 })
    expect((await statusOf(ring)).generation).toBe(1)
    const done = await ring.run(['emergency', '--reason', 'x', '--confirm', 'default/default', '--json'])
    expect(documentOf(done)).toMatchObject({ cutoff: 2, generation: 2, confirmed: 1 })
  })

  it('kills one key by its kid, and exits 5 for a kid that nobody knows', async () => {
    const ring = await makeRing()
    await ring.join()
    expect(await ring.run(['rotate', '--reason', 'x'])).toMatchObject({ code: 0 })
    const before = await statusOf(ring)
    const retiring = before.keys.find(key => key.state === 'retiring')?.kid ?? ''
    const act = ['emergency', '--reason', 'x', '--confirm', 'default/default']
    expect(await ring.run([...act, '--kid', 'AAAAAAAAAAAAAAAA'])).toMatchObject({ code: 5 })
    expect(await ring.run([...act, '--kid', retiring, '--keep-sessions'])).toMatchObject({ code: 0 })
    const after = await statusOf(ring)
    expect(after.cutoff).toBe(before.cutoff)
    expect(Object.fromEntries(after.keys.map(key => [key.kid, key.state]))).toEqual({
      [retiring]: 'compromised',
      [before.keys.find(key => key.state === 'active')?.kid ?? '']: 'active',
    })
    const again = await ring.run([...act, '--kid', retiring])
    expect(again).toMatchObject({ code: 0 })
    expect(again.stdout).toContain('compromised already')
    expect((await statusOf(ring)).generation).toBe(after.generation)
  })
})
