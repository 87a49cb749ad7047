import { envFile } from 'keyturn/stores/env-file'
import { describe, expect, it } from 'vitest'
import { documentOf } from '../../../test/support/cli.ts'
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
