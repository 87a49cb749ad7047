/** A process that stands still, longer than its lease, in each phase: never 401 for a valid token, never 200 for a compromised one. */
import { describe, expect, it } from 'vitest'
import { startBackends, type Backend } from '../support/backends.ts'
import { keyturn, statusOf, type CliResult } from '../support/cli.ts'
import { makeProject, until, type Project } from '../support/project.ts'
import { problemOf, Visitor } from '../support/visitor.ts'

const settings = { maxTokenLife: '15m', maxStale: '10m', tolerance: '1s', grace: '24h', lease: '3s' }
const lease = 3000

const sleep = (milliseconds: number): Promise<void> =>
  new Promise(resolve => setTimeout(resolve, milliseconds))

async function pause(backend: Backend): Promise<() => void> {
  backend.child.kill('SIGSTOP')
  await sleep(lease + 3000)
  return () => backend.child.kill('SIGCONT')
}

const rotate = (project: Project, ...flags: string[]): Promise<CliResult> =>
  keyturn(['rotate', '-e', 'test', '--reason', 'pause', ...flags], { cwd: project.folder })

async function signedIn(backend: Backend): Promise<Visitor> {
  const visitor = new Visitor()
  await visitor.register(backend.url)
  await visitor.login(backend.url)
  return visitor
}

describe('a backend that is stopped and goes on', () => {
  it('keeps the gate shut while it is lost, and lets it open when it is back', async () => {
    const project = await makeProject(settings)
    const [first, second] = (await startBackends(project, 2)) as [Backend, Backend]
    const visitor = await signedIn(first)
    const goOn = await pause(second)
    const shut = await rotate(project, '--timeout', '2s')
    expect(shut, shut.stderr).toMatchObject({ code: 7 })
    expect(shut.stderr).toContain('is lost')
    const waiting = await statusOf(project.file)
    expect(waiting.operation?.mode).toBe('graceful')
    expect(waiting.instances.filter(each => each.lost)).toHaveLength(1)
    expect(waiting.keys.map(key => key.state).sort()).toEqual(['active', 'staged'])

    goOn()
    const resumed = await keyturn(['rotate', '--resume', '-e', 'test'], { cwd: project.folder })
    expect(resumed, resumed.stderr).toMatchObject({ code: 0 })
    const after = await signedIn(first)
    for (const { url } of [first, second]) {
      expect((await visitor.me(url)).status).toBe(200)
      expect((await after.me(url)).status).toBe(200)
    }
  })

  it('accepts the tokens of a key that was activated while it stood still', async () => {
    const project = await makeProject(settings)
    const [first, second] = (await startBackends(project, 2)) as [Backend, Backend]
    // Killed after the gate was open and before activation: both have acknowledged the staged key.
    const killed = await keyturn(['rotate', '-e', 'test', '--reason', 'pause'], {
      cwd: project.folder,
      failpoint: 'rotate.gate-open',
    })
    expect(killed.signal).toBe('SIGKILL')
    const goOn = await pause(second)
    const shut = await keyturn(['rotate', '--resume', '--timeout', '1s', '-e', 'test'], {
      cwd: project.folder,
    })
    expect(shut.code, shut.stderr).toBe(7)
    const forgotten = (await statusOf(project.file)).instances.find(each => each.lost)?.id ?? ''
    const forget = await keyturn(['fleet', 'forget', forgotten, '-e', 'test', '--reason', 'hangs'], {
      cwd: project.folder,
    })
    expect(forget, forget.stderr).toMatchObject({ code: 0 })
    const done = await keyturn(['rotate', '--resume', '-e', 'test'], { cwd: project.folder })
    expect(done, done.stderr).toMatchObject({ code: 0 })
    const visitor = await signedIn(first)

    goOn()
    const answers = await Promise.all(Array.from({ length: 20 }, () => visitor.me(second.url)))
    expect(answers.map(answer => answer.status).filter(status => status === 401)).toEqual([])
    await until(
      () => visitor.me(second.url),
      answer => answer.status === 200,
    )
    await until(
      () => statusOf(project.file),
      status => status.instances.filter(each => each.standing === 'acknowledged').length === 2,
    )
  })

  it('never accepts a token of a key that was compromised while it stood still', async () => {
    const project = await makeProject(settings)
    const [first, second] = (await startBackends(project, 2)) as [Backend, Backend]
    const visitor = await signedIn(first)
    const goOn = await pause(second)
    const killed = await keyturn(
      ['emergency', '-e', 'test', '--confirm', 'immonow/test', '--reason', 'leak', '--timeout', '1s'],
      { cwd: project.folder },
    )
    expect(killed, killed.stderr).toMatchObject({ code: 7 })
    expect(killed.stdout).toMatch(/has stopped by \d{4}-/)
    const fresh = await signedIn(first)

    const early = Array.from({ length: 20 }, () => visitor.me(second.url))
    goOn()
    const answers = [
      ...(await Promise.all(early)),
      ...(await Promise.all(Array.from({ length: 20 }, () => visitor.me(second.url)))),
    ]
    for (const answer of answers)
      expect(problemOf(answer)).toMatchObject({ status: 401, code: 'ERR_KEY_COMPROMISED' })
    expect((await fresh.me(second.url)).status).toBe(200)
  })

  it('is not waited for when its process is dead', async () => {
    const project = await makeProject(settings)
    const [first, second] = (await startBackends(project, 2)) as [Backend, Backend]
    second.child.kill('SIGKILL')
    await second.exited
    const done = await rotate(project)
    expect(done, done.stderr).toMatchObject({ code: 0 })
    expect((await (await signedIn(first)).me(first.url)).status).toBe(200)
  })

  it('joins during a rotation and is waited for', async () => {
    const project = await makeProject(settings)
    const [first, second] = (await startBackends(project, 2)) as [Backend, Backend]
    const goOn = await pause(second)
    const waiting = rotate(project, '--timeout', '60s')
    await until(
      () => statusOf(project.file),
      status => status.operation !== null,
    )
    const [joiner] = (await startBackends(project, 1)) as [Backend]
    goOn()
    expect(await waiting).toMatchObject({ code: 0 })
    const visitor = await signedIn(joiner)
    for (const { url } of [first, second, joiner]) expect((await visitor.me(url)).status).toBe(200)
  })
})
