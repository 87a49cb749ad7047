/** Many commands at once: one wins, the others are told so. */
import { createKeyring } from 'keyturn'
import { envFile } from 'keyturn/stores/env-file'
import { describe, expect, it } from 'vitest'
import { keyturn, statusOf } from '../support/cli.ts'
import { makeProject, ringOf } from '../support/project.ts'

describe('keyturn rotate, twenty times at once', () => {
  it('makes one new key; the other nineteen exit 6', async () => {
    const project = await makeProject({ maxTokenLife: '15m' })
    const member = await createKeyring({ source: envFile(project.file), log: () => undefined })
    const first = member.activeKid
    const results = await Promise.all(
      Array.from({ length: 20 }, () =>
        keyturn(['rotate', '-e', 'test', '--reason', 'race'], { cwd: project.folder }),
      ),
    )
    const codes = results.map(result => result.code).sort((a, b) => (a ?? -1) - (b ?? -1))
    expect(codes, results.map(result => result.stderr).join('')).toEqual([
      0,
      ...Array.from({ length: 19 }, () => 6),
    ])
    const { document } = await ringOf(project)
    expect(document.keys).toHaveLength(2)
    expect(document.keys.find(key => key.kid === first)?.state).toBe('retiring')
    expect(document.operation).toBeNull()
    expect(await keyturn(['audit', 'verify', '-e', 'test'], { cwd: project.folder })).toMatchObject({
      code: 0,
    })
    await member.close()
  })

  it('lets an emergency through while a rotation waits at its gate', async () => {
    const project = await makeProject({ maxTokenLife: '15m' })
    const stuck = await createKeyring({
      source: envFile(project.file),
      log: () => undefined,
      instance: 'stuck',
    })
    const lease = (await envFile(project.file).leases.list())[0]
    await stuck.close()
    // The lease of an instance that is alive and never acknowledges.
    if (lease) await envFile(project.file).leases.put({ ...lease, sentAt: Date.now() })
    const waiting = keyturn(['rotate', '-e', 'test', '--reason', 'waits', '--timeout', '60s'], {
      cwd: project.folder,
    })
    for (;;) if ((await statusOf(project.file)).operation) break
    const killed = await keyturn(
      ['emergency', '-e', 'test', '--confirm', 'immonow/test', '--reason', 'leak', '--timeout', '1s'],
      { cwd: project.folder },
    )
    expect(killed, killed.stderr).toMatchObject({ code: 7 })
    expect(killed.stdout).toContain('stuck')
    expect(await waiting).toMatchObject({ code: 6 })
    const { document } = await ringOf(project)
    expect(document.keys.filter(key => key.state !== 'compromised').map(key => key.state)).toEqual(['active'])
  })
})
