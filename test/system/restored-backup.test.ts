/** A backup of the file that somebody puts back must not bring a compromised key back. */
import { copyFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { startBackend } from '../support/backends.ts'
import { documentOf, keyturn, type Status } from '../support/cli.ts'
import { makeProject } from '../support/project.ts'
import { Visitor } from '../support/visitor.ts'

describe('a restored backup', () => {
  it('halts changes, is not taken by running instances, and does not start with a compromised key', async () => {
    const project = await makeProject({ maxTokenLife: '15m' })
    const backend = await startBackend(project)
    const visitor = new Visitor()
    await visitor.register(backend.url)
    await visitor.login(backend.url)
    const run = (...args: string[]): ReturnType<typeof keyturn> =>
      keyturn([...args, '-e', 'test'], { cwd: project.folder })
    const emergency = ['emergency', '--confirm', 'immonow/test', '--reason', 'leak', '--timeout', '20s']

    copyFileSync(project.file, `${project.file}.backup`)
    const killed = await run(...emergency)
    expect(killed, killed.stderr).toMatchObject({ code: 0 })
    copyFileSync(`${project.file}.backup`, project.file)

    expect((await visitor.me(backend.url)).status).toBe(401)
    const refused = await run('rotate', '--reason', 'x')
    expect(refused, refused.stderr).toMatchObject({ code: 8 })
    expect(refused.stderr).toContain('was a backup restored')
    await expect(startBackend(project)).rejects.toThrow(/ended with 1.*compromised/s)

    await backend.stop()
    // Nobody knows what else is live, so more dies than was asked for: it says so.
    const status = documentOf<Status>(await run('status', '--json'))
    const kid = status.keys.find(({ state }) => state === 'active')?.kid ?? ''
    const again = await run(...emergency, '--kid', kid, '--keep-sessions')
    expect(again, again.stderr).toMatchObject({ code: 0 })
    expect(again.stdout).toContain('every key is dead, and every login session has ended')
    const fresh = await startBackend(project)
    expect((await visitor.me(fresh.url)).status).toBe(401)
    expect((await visitor.login(fresh.url)).status).toBe(200)
  })
})
