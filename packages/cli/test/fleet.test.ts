import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { envFile } from 'keyturn/stores/env-file'
import { describe, expect, it } from 'vitest'
import { documentOf } from '../../../test/support/cli.ts'
import { bin } from './door.ts'
import { makeRing } from './ring-folder.ts'

interface Listed {
  readonly instances: readonly {
    readonly id: string
    readonly standing: string
    readonly generation: number
  }[]
}

describe('keyturn fleet', () => {
  it('lists each process with what it holds, and exits 3 with --check when there is none', async () => {
    const ring = await makeRing()
    expect(await ring.run(['fleet', 'list', '--check'])).toMatchObject({ code: 3 })
    const keyring = await ring.join()
    keyring.recordLogin(true)
    const { instances } = documentOf<Listed>(await ring.run(['fleet', 'list', '--json', '--check']))
    expect(instances).toMatchObject([{ standing: 'acknowledged', generation: 1 }])
    const id = instances[0]?.id ?? ''
    expect((await ring.run(['fleet', 'show', id])).stdout).toContain(String(process.pid))
    expect(await ring.run(['fleet', 'show', 'nobody'])).toMatchObject({ code: 5 })
  })

  it('forgets a lost instance by name and reason, never one that is alive', async () => {
    const ring = await makeRing({ production: { lease: '4s' } })
    await ring.join()
    const { instances } = documentOf<Listed>(await ring.run(['fleet', 'list', '--json']))
    expect(await ring.run(['fleet', 'forget', instances[0]?.id ?? '', '--reason', 'x'])).toMatchObject({
      code: 6,
    })
    const { leases } = envFile(ring.file)
    const [lease] = await leases.list()
    // Put once and never again: after a lease it is lost, as a process that stands still.
    if (lease) await leases.put({ ...lease, instance: 'still' })
    await new Promise(resolve => setTimeout(resolve, 4500))
    const gone = await ring.run(['rotate', '--reason', 'x', '--timeout', '1s'])
    expect(gone).toMatchObject({ code: 7 })
    expect(gone.stderr).toContain('still is lost')
    expect(await ring.run(['fleet', 'forget', 'still', '--reason', 'its host is gone'])).toMatchObject({
      code: 0,
    })
    expect(await ring.run(['rotate', '--resume'])).toMatchObject({ code: 0 })
    const { entries } = documentOf<{ entries: { action: string; reason: string }[] }>(
      await ring.run(['audit', 'list', '--json']),
    )
    expect(entries).toContainEqual(
      expect.objectContaining({ action: 'fleet.forget:still', reason: 'its host is gone' }),
    )
  })
})

describe('keyturn status', () => {
  it('is plain without colours when it is not a terminal, and tab-separated with --plain', async () => {
    const ring = await makeRing()
    const shown = await ring.run(['status'])
    expect(shown.stdout).not.toContain('\u001b')
    expect((await ring.run(['status'], { env: { FORCE_COLOR: '1' } })).stdout).toContain('\u001b[')
    expect((await ring.run(['status'], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } })).stdout).not.toContain(
      '\u001b',
    )
    expect((await ring.run(['key', 'list', '--plain'])).stdout).toMatch(/^[\w-]{16}\tactive\tHS256\t/)
  })

  it('exits 5 when there is no ring, and says what to do', async () => {
    const ring = await makeRing({}, false)
    const none = await ring.run(['status'])
    expect(none).toMatchObject({ code: 5 })
    expect(none.stderr).toContain('keyturn init')
  })

  it('reports erasure that nobody did as overdue', async () => {
    const ring = await makeRing()
    expect(await ring.run(['rotate', '--reason', 'x', '--no-fleet'])).toMatchObject({ code: 0 })
    await ring.alter(document => ({
      keys: document.keys.map(key =>
        key.state === 'retiring' ? { ...key, verifyUntil: Math.floor(Date.now() / 1000) - 60 } : key,
      ),
    }))
    const overdue = await ring.run(['status', '--check'])
    expect(overdue).toMatchObject({ code: 3 })
    expect(overdue.stdout).toContain('erasure overdue')
    // The next live process erases it.
    await ring.join()
    for (;;) {
      const { keys } = documentOf<{ keys: unknown[] }>(await ring.run(['status', '--json']))
      if (keys.length === 1) break
    }
    expect(await ring.run(['status', '--check'])).toMatchObject({ code: 0 })
  })
})

describe('keyturn fleet wait', () => {
  it('ends when every instance holds the generation, and exits 7 naming who lags', async () => {
    const ring = await makeRing()
    const none = await ring.run(['fleet', 'wait', '--timeout', '1s'])
    expect(none).toMatchObject({ code: 7 })
    expect(none.stderr).toContain('no instance holds this ring')
    await ring.join()
    expect(await ring.run(['fleet', 'wait'])).toMatchObject({ code: 0 })
    expect(await ring.run(['fleet', 'wait', '--generation', '1'])).toMatchObject({ code: 0 })
    const late = await ring.run(['fleet', 'wait', '--generation', '2', '--timeout', '1s'])
    expect(late).toMatchObject({ code: 7 })
    expect(late.stderr).toMatch(/generation 2 is not everywhere: \S+ holds generation 1/)
    expect(await ring.run(['fleet', 'wait', '--generation', 'last'])).toMatchObject({ code: 2 })
  })
})

describe('keyturn fleet watch', () => {
  it('prints a line for each change through a pipe, and ends when nobody reads on', async () => {
    const ring = await makeRing()
    await ring.join()
    const child = spawn(process.execPath, [bin, 'fleet', 'watch', '--json', '--file', ring.file], {
      env: { PATH: process.env['PATH'] },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const ended = new Promise(resolve => child.once('exit', resolve))
    const seen: number[] = []
    for await (const line of createInterface({ input: child.stdout })) {
      const { schema, generation } = JSON.parse(line) as { schema: string; generation: number }
      expect(schema).toBe('keyturn/fleet/v1')
      if (seen.push(generation) === 1) await ring.run(['rotate', '--reason', 'x'])
      if (generation === 3) break
    }
    expect(seen[0]).toBe(1)
    child.stdout.destroy()
    await ring.run(['rotate', '--mode', 'hard', '--reason', 'x'])
    await ended
  })
})

describe('--ring', () => {
  it('refuses a file that holds another ring', async () => {
    const ring = await makeRing()
    expect(await ring.run(['status', '--ring', 'default/default'])).toMatchObject({ code: 0 })
    const other = await ring.run(['status', '--ring', 'immonow/production'])
    expect(other).toMatchObject({ code: 2 })
    expect(other.stderr).toContain('holds the ring default/default')
    expect(await ring.run(['status', '--ring', 'immonow'])).toMatchObject({ code: 2 })
    expect(await ring.run(['status', '--hub', 'http://127.0.0.1:9', '--file', '.env'])).toMatchObject({
      code: 2,
    })
    const away = await ring.run(['status', '--hub', 'http://127.0.0.1:9'])
    expect(away).toMatchObject({ code: 1 })
    expect(away.stderr).toContain('127.0.0.1:9 does not answer')
  })
})
