import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { documentOf, type CliResult, type Status } from '../../../test/support/cli.ts'
import { makeFolder } from './folder.ts'
import { startHub, type RunningHub } from './running-hub.ts'
import { makeStuckRing } from './stuck-ring.ts'

let hub: RunningHub

beforeAll(async () => {
  hub = await startHub()
})
afterAll(() => hub.stop())

interface Everywhere {
  readonly environments: readonly { name: string; rotated: boolean; generation: number; code: string }[]
}

/** Environments of one application, all of them rings of the hub. @param settings by environment */
async function configured(application: string, settings: Readonly<Record<string, object>>) {
  const store = { type: 'hub', url: hub.url }
  const environments = Object.fromEntries(
    Object.entries(settings).map(([name, each]) => [name, { store, ...each }]),
  )
  const folder = makeFolder({ 'keyturn.config.json': JSON.stringify({ application, environments }) })
  // Without KEYTURN_URL the token is for whatever hub is named.
  const run = (...args: string[]): Promise<CliResult> =>
    hub.run(args, { cwd: folder.path, env: { KEYTURN_URL: '' } })
  for (const name of Object.keys(settings)) expect(await run('init', '-e', name)).toMatchObject({ code: 0 })
  return {
    rotate: (...args: string[]) => run('rotate', '--all-environments', '--reason', 'x', ...args),
    statusOf: async (name: string) => documentOf<Status>(await run('status', '-e', name, '--json')),
  }
}

async function get<Body>(path: string): Promise<Body> {
  const headers = { authorization: `Bearer ${hub.admin}` }
  return (await (await fetch(`${hub.url}/v1/${path}`, { headers })).json()) as Body
}

const stateOf = ({ operation, generation, keys }: Status) => ({
  operation,
  generation,
  keys: keys.map(({ kid, state }) => [kid, state]),
})

describe('keyturn rotate --all-environments at a hub', () => {
  it('rotates all together, follows each, and gives each its own settings', async () => {
    const { rotate, statusOf } = await configured('shop', { one: { algorithm: 'HS512' }, two: {}, three: {} })
    const done = await rotate('--no-fleet', '--cause', 'scheduled')
    expect(done, done.stderr).toMatchObject({ code: 0 })
    for (const name of ['one', 'two', 'three']) {
      expect(done.stdout).toMatch(new RegExp(`${name}: \\S+ signs, generation 3`))
      for (const step of ['stage', 'activate']) expect(done.stderr).toMatch(new RegExp(`${name}: ${step}`))
      expect(await statusOf(name)).toMatchObject({ generation: 3, operation: null })
    }
    const { document } = await get<{ document: { keys: object[] } }>('rings/shop%2Fone')
    expect(document.keys).toContainEqual(expect.objectContaining({ state: 'active', alg: 'HS512' }))
    const views = await Promise.all(
      ['one', 'two', 'three'].map(name =>
        get<{ rotations: { group: string | null }[] }>(`rings/shop%2F${name}/rotations`),
      ),
    )
    const groups = views.map(({ rotations }) => rotations[0]?.group)
    expect(groups[0]).toBeTruthy()
    expect(new Set(groups).size).toBe(1)
    const again = documentOf<Everywhere>(await rotate('--no-fleet', '--force', '--json'))
    expect(again.environments).toMatchObject(
      ['one', 'two', 'three'].map(name => ({ name, rotated: true, generation: 5, code: null })),
    )
  })

  it('activates nothing anywhere when one gate stays shut', async () => {
    const { rotate, statusOf } = await configured('stuck', { one: {}, two: {} })
    await makeStuckRing(hub, 'stuck/two')
    const before = [await statusOf('one'), await statusOf('two')].map(({ keys }) => keys[0]?.kid)
    const failed = await rotate('--no-fleet', '--timeout', '1s')
    expect(failed, failed.stderr).toMatchObject({ code: 7 })
    expect(failed.stdout).toMatch(/one: dropped: another environment failed/)
    expect(failed.stdout).toMatch(/two: nothing was activated: .*stuck/)
    expect(failed.stderr).toContain('nothing was activated anywhere')
    for (const [at, name] of ['one', 'two'].entries())
      expect(stateOf(await statusOf(name))).toEqual({
        operation: null,
        generation: 3,
        keys: [[before[at], 'active']],
      })
  })

  it('is refused as a whole, with the name of the ring, before anything has changed', async () => {
    const { rotate, statusOf } = await configured('quiet', { one: {}, two: {} })
    await hub.join('quiet/one')
    const refused = await rotate()
    expect(refused).toMatchObject({ code: 6 })
    expect(refused.stderr).toContain('no instance holds quiet/two')
    for (const name of ['one', 'two']) expect((await statusOf(name)).generation).toBe(1)
    const kept = documentOf<Everywhere>(await rotate('--no-fleet', '--keep-going', '--json'))
    expect(kept.environments.map(({ rotated }) => rotated)).toEqual([true, true])
  })

  it.each([
    ['a file', { type: 'env-file', path: '.env' }],
    ['another application', { type: 'hub', url: 'here', ring: 'other/two' }],
    ['another hub', { type: 'hub', url: 'http://127.0.0.1:1' }],
  ])('promises nothing with %s among them, without --keep-going', async (_, store) => {
    const two = { store: 'url' in store && store.url === 'here' ? { ...store, url: hub.url } : store }
    const one = { store: { type: 'hub', url: hub.url } }
    const folder = makeFolder({
      'keyturn.config.json': JSON.stringify({ application: 'mixed', environments: { one, two } }),
    })
    const refused = await hub.run(['rotate', '--all-environments', '--force', '--reason', 'x'], {
      cwd: folder.path,
      env: { KEYTURN_URL: '' },
    })
    expect(refused).toMatchObject({ code: 2 })
    expect(refused.stderr).toContain('--keep-going')
  })
})
