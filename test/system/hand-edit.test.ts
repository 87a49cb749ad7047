/** The guide's own procedure: a value pasted into the file, and a restart. */
import { generateSecret, kidOf } from 'keyturn'
import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { startBackend, type Backend } from '../support/backends.ts'
import { documentOf, keyturn, statusOf } from '../support/cli.ts'
import { makeProject, paste, until, valueOf, type Project } from '../support/project.ts'
import { problemOf, Visitor } from '../support/visitor.ts'

const settings = { maxTokenLife: '15m' }
const variable = 'JWT_SECRET_KEY'

async function restart(project: Project, backend: Backend): Promise<Backend> {
  await backend.stop()
  return startBackend(project)
}

async function actions(project: Project): Promise<readonly { action: string; reason: string }[]> {
  return documentOf<{ entries: { action: string; reason: string }[] }>(
    await keyturn(['audit', 'list', '--json', '-e', 'test'], { cwd: project.folder }),
  ).entries
}

describe('the value of JWT_SECRET_KEY, edited by hand', () => {
  it('signs everybody out at the restart, and back in when the old value is pasted back', async () => {
    const project = await makeProject(settings)
    let backend = await startBackend(project)
    const visitor = new Visitor()
    await visitor.register(backend.url)
    await visitor.login(backend.url)
    const old = valueOf(project, variable) ?? ''
    const replaced = generateSecret()

    paste(project, variable, replaced)
    await until(
      () => backend.output(),
      text => text.includes('ERR_RING_EDITED') || text.includes('edited by hand'),
    )
    expect((await visitor.me(backend.url)).status).toBe(200)
    const pending = await keyturn(['status', '--check', '-e', 'test'], { cwd: project.folder })
    expect(pending).toMatchObject({ code: 3 })
    expect(pending.stdout).toContain('restart pending')
    expect(await keyturn(['rotate', '-e', 'test', '--reason', 'x'], { cwd: project.folder })).toMatchObject({
      code: 6,
    })

    backend = await restart(project, backend)
    expect(problemOf(await visitor.me(backend.url))).toMatchObject({ status: 401, title: 'Token expired' })
    expect((await visitor.refresh(backend.url)).status).toBe(401)
    const between = new Visitor()
    await between.register(backend.url)
    expect((await between.login(backend.url)).status).toBe(200)
    expect((await statusOf(project.file)).keys.find(key => key.state === 'active')?.kid).toBe(kidOf(replaced))

    paste(project, variable, old)
    backend = await restart(project, backend)
    expect((await visitor.me(backend.url)).status).toBe(200)
    expect((await visitor.refresh(backend.url)).status).toBe(200)
    expect((await between.refresh(backend.url)).status).toBe(200)
    expect((await actions(project)).filter(entry => entry.reason === 'edited by hand')).toHaveLength(2)
    expect(await keyturn(['audit', 'verify', '-e', 'test'], { cwd: project.folder })).toMatchObject({
      code: 0,
    })
  })

  it('stops the start when a compromised value is pasted back', async () => {
    const project = await makeProject(settings)
    const leaked = valueOf(project, variable) ?? ''
    const killed = await keyturn(
      ['emergency', '-e', 'test', '--confirm', 'immonow/test', '--reason', 'leak'],
      { cwd: project.folder },
    )
    expect(killed, killed.stderr).toMatchObject({ code: 0 })
    paste(project, variable, leaked)
    await expect(startBackend(project)).rejects.toThrow(/ended with 1.*compromised/s)
    expect(valueOf(project, variable)).toBe(leaked)
  })

  it('refuses a weak value at the restart, and keeps the file as it is', async () => {
    const project = await makeProject(settings)
    paste(project, variable, 'changeme')
    await expect(startBackend(project)).rejects.toThrow(/JWT_SECRET_KEY must be at least 64 characters/)
    expect(valueOf(project, variable)).toBe('changeme')
  })

  it('is taken over once by three backends that start together', async () => {
    const project = await makeProject(settings)
    paste(project, variable, generateSecret())
    const backends = await Promise.all([startBackend(project), startBackend(project), startBackend(project)])
    expect((await actions(project)).filter(entry => entry.reason === 'edited by hand')).toHaveLength(1)
    const status = await until(
      () => statusOf(project.file),
      each => each.instances.every(one => one.standing === 'acknowledged'),
    )
    expect(status.instances).toHaveLength(backends.length)
  })

  it('does the same to processes with a fixed environment, as systemd and Compose make them', async () => {
    const project = await makeProject(settings)
    const variables = (): Record<string, string> =>
      Object.fromEntries(
        [variable, 'JWT_KEYRING'].map(name => [name, (valueOf(project, name) ?? '').replace(/^'|'$/g, '')]),
      )
    const start = (): Promise<Backend> => startBackend(project, { fixed: true, env: variables() })
    let backend = await start()
    const visitor = new Visitor()
    await visitor.register(backend.url)
    await visitor.login(backend.url)
    const old = valueOf(project, variable) ?? ''

    paste(project, variable, generateSecret())
    await backend.stop()
    backend = await start()
    expect(problemOf(await visitor.me(backend.url))).toMatchObject({ status: 401, title: 'Token expired' })
    expect((await visitor.refresh(backend.url)).status).toBe(401)

    paste(project, variable, old)
    await backend.stop()
    backend = await start()
    expect((await visitor.me(backend.url)).status).toBe(200)
    expect((await visitor.refresh(backend.url)).status).toBe(200)
  })

  it('works in a project that has never seen Keyturn, and rotates from there', async () => {
    const project = await makeProject(settings)
    writeFileSync(project.file, `JWT_SECRET_KEY=${generateSecret()}\n`, { mode: 0o600 })
    let backend = await startBackend(project)
    const visitor = new Visitor()
    await visitor.register(backend.url)
    await visitor.login(backend.url)
    const old = valueOf(project, variable) ?? ''
    paste(project, variable, generateSecret())
    backend = await restart(project, backend)
    expect(problemOf(await visitor.me(backend.url))).toMatchObject({ status: 401, title: 'Token expired' })
    expect((await visitor.refresh(backend.url)).status).toBe(401)
    paste(project, variable, old)
    backend = await restart(project, backend)
    expect((await visitor.refresh(backend.url)).status).toBe(200)

    const done = await keyturn(['rotate', '-e', 'test', '--reason', 'first'], { cwd: project.folder })
    expect(done, done.stderr).toMatchObject({ code: 0 })
    expect((await visitor.me(backend.url)).status).toBe(200)
    expect(await statusOf(project.file)).toMatchObject({ ring: 'immonow/test', generation: 2 })
  })
})
