/** The main job: three backends serve signed-in people while one command changes the secret under them. */
import { describe, expect, it } from 'vitest'
import { startBackends, type Backend } from '../support/backends.ts'
import { keyturn, statusOf } from '../support/cli.ts'
import { makeProject, until, type Project } from '../support/project.ts'
import { Traffic } from '../support/traffic.ts'
import { call, problemOf, Visitor } from '../support/visitor.ts'

const people = 50
const rotations = 20

async function total(backends: readonly Backend[]): Promise<number> {
  const [first] = backends
  const { body } = await call(`${first?.url}/api/listings`)
  return (body as { total: number }).total
}

async function rotate(project: Project, ...flags: string[]): Promise<void> {
  const done = await keyturn(['rotate', '-e', 'test', '--reason', 'test', ...flags], { cwd: project.folder })
  expect(done, done.stderr).toMatchObject({ code: 0 })
}

describe('keyturn rotate under load', () => {
  it(`makes ${rotations} graceful rotations without one refused request`, async () => {
    const project = await makeProject()
    const backends = await startBackends(project, 3)
    const traffic = new Traffic(backends)
    await traffic.signIn(people)
    const listings = await total(backends)
    traffic.start(150)
    for (let round = 1; round <= rotations; round += 1) {
      const isRetiring = (status: { keys: readonly { state: string }[] }): boolean =>
        status.keys.some(key => key.state === 'retiring')
      await until(
        () => statusOf(project.file),
        status => !isRetiring(status),
      )
      await rotate(project)
    }
    const perSecond = await traffic.stop()

    expect(traffic.refusals).toEqual([])
    expect(traffic.refreshes).toBeGreaterThan(people)
    expect(traffic.requests).toBeGreaterThan(rotations * people)
    expect(await total(backends)).toBe(listings)
    const { generation } = await statusOf(project.file)
    // Each rotation is staged and activated, and each old key is erased: once.
    expect(generation).toBeGreaterThanOrEqual(1 + rotations * 2)
    console.log(`${traffic.requests} requests, ${Math.round(perSecond)} a second, 0 refused`)
  })

  it('signs everybody out, takes that back, and kills a leaked key', async () => {
    const project = await makeProject({ maxTokenLife: '15m', maxStale: '10s', tolerance: '1s', grace: '1h' })
    const backends = await startBackends(project, 3)
    const urls = backends.map(({ url }) => url)
    const [url = ''] = urls
    const everywhere = <Result>(probe: (url: string) => Promise<Result>): Promise<Result[]> =>
      Promise.all(urls.map(probe))
    const before = Array.from({ length: 10 }, () => new Visitor())
    for (const visitor of before) {
      await visitor.register(url)
      await visitor.login(url)
    }
    const listings = await total(backends)

    await rotate(project, '--mode', 'hard', '--cause', 'scheduled')
    for (const visitor of before) {
      for (const answer of await everywhere(each => visitor.me(each))) {
        expect(answer.status).toBe(401)
        expect(problemOf(answer)).toMatchObject({
          code: 'ERR_KEY_SUSPENDED',
          title: 'Token expired',
          reason: 'expired',
        })
        expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
      }
    }
    for (const visitor of before.slice(0, 5)) expect((await visitor.refresh(url)).status).toBe(401)
    const between = new Visitor()
    await between.register(url)
    expect((await between.login(url)).status).toBe(200)
    for (const answer of await everywhere(each => between.me(each))) expect(answer.status).toBe(200)

    const back = await keyturn(['rollback', '-e', 'test', '--reason', 'too early'], { cwd: project.folder })
    expect(back, back.stderr).toMatchObject({ code: 0 })
    for (const visitor of [...before, between]) {
      for (const answer of await everywhere(each => visitor.me(each))) expect(answer.status).toBe(200)
      expect((await visitor.refresh(url)).status).toBe(200)
    }

    const killed = await keyturn(
      ['emergency', '-e', 'test', '--confirm', 'immonow/test', '--reason', 'found in a gist'],
      { cwd: project.folder },
    )
    expect(killed, killed.stderr).toMatchObject({ code: 0 })
    for (const visitor of [...before, between]) {
      for (const answer of await everywhere(each => visitor.me(each)))
        expect(problemOf(answer)).toMatchObject({
          status: 401,
          code: 'ERR_KEY_COMPROMISED',
          title: 'Token expired',
          reason: 'security',
        })
      expect((await visitor.refresh(url)).status).toBe(401)
    }
    expect(
      await keyturn(['rollback', '-e', 'test', '--reason', 'no'], { cwd: project.folder }),
    ).toMatchObject({ code: 6 })
    for (const visitor of before.slice(0, 3)) expect((await visitor.login(url)).status).toBe(200)
    expect(await total(backends)).toBe(listings)
    expect(await keyturn(['audit', 'verify', '-e', 'test'], { cwd: project.folder })).toMatchObject({
      code: 0,
    })
  })

  it('kills a leaked key on every instance within a second of the commit', async () => {
    const project = await makeProject({ maxTokenLife: '15m', maxStale: '1h', tolerance: '1s', grace: '48h' })
    const backends = await startBackends(project, 3)
    const visitor = new Visitor()
    await visitor.register(backends[0]?.url ?? '')
    await visitor.login(backends[0]?.url ?? '')
    const done = await keyturn(
      [
        'emergency',
        '-e',
        'test',
        '--confirm',
        'immonow/test',
        '--reason',
        'leaked',
        '--timeout',
        '30s',
        '--json',
      ],
      { cwd: project.folder },
    )
    expect(done, done.stderr).toMatchObject({ code: 0 })
    expect(JSON.parse(done.stdout)).toMatchObject({ confirmed: 3, unconfirmed: [] })
    for (const { url } of backends) expect((await visitor.me(url)).status).toBe(401)
  })
})
