import { generateSecret, kidOf } from 'keyturn'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { documentOf, type Status } from '../../../test/support/cli.ts'
import { makeFolder } from './folder.ts'
import { startHub, type RunningHub } from './running-hub.ts'

let hub: RunningHub
let count = 0

beforeAll(async () => {
  hub = await startHub()
})
afterAll(() => hub.stop())

/** A ring of a test's own. */
async function makeRing(): Promise<{ ring: string; run: RunningHub['run'] }> {
  const ring = `immonow/r${++count}`
  const run: RunningHub['run'] = (args, options = {}) =>
    hub.run(args, { ...options, env: { KEYTURN_RING: ring, ...options.env } })
  const made = await run(['init'])
  expect(made, made.stderr).toMatchObject({ code: 0 })
  return { ring, run }
}

const statusOf = async (run: RunningHub['run']): Promise<Status> =>
  documentOf<Status>(await run(['status', '--json']))

describe('keyturn on a hub', () => {
  it('makes a ring with init, says how an application comes to it, and twice is once', async () => {
    const { ring, run } = await makeRing()
    const again = await run(['init', '--json'])
    expect(documentOf(again)).toMatchObject({ ring, outcome: 'unchanged', generation: 1, hub: hub.url })
    const said = (await run(['init'])).stdout
    for (const part of [`KEYTURN_URL=${hub.url}`, `KEYTURN_RING=${ring}`, `--scope instance:${ring}`])
      expect(said).toContain(part)
    expect(await run(['init', '--adopt'])).toMatchObject({ code: 2 })
  })

  it('wants one ring named where there are several, and takes the name from --ring', async () => {
    const { ring } = await makeRing()
    await makeRing()
    const many = await hub.run(['status'])
    expect(many).toMatchObject({ code: 2 })
    expect(many.stderr).toContain(ring)
    expect(documentOf(await hub.run(['status', '--ring', ring, '--json']))).toMatchObject({ ring })
    expect(await hub.run(['status', '--ring', 'immonow/none'])).toMatchObject({ code: 5 })
    expect((await hub.run(['ring', 'list', '--plain'])).stdout).toContain(`${ring}\t1\t`)
  })

  it('rotates with every instance, waits for them, and takes it back', async () => {
    const { ring, run } = await makeRing()
    const alone = await run(['rotate', '--reason', 'x'])
    expect(alone).toMatchObject({ code: 6 })
    expect(alone.stderr).toContain('ERR_RING_NO_INSTANCES')
    const keyring = await hub.join(ring)
    const token = keyring.sign({ sub: '7' }, { expiresIn: '5m' })
    const done = await run(['rotate', '--reason', 'quarterly', '--json'])
    expect(documentOf(done), done.stderr).toMatchObject({
      schema: 'keyturn/rotate/v1',
      ring,
      mode: 'graceful',
      generation: 3,
      acknowledged: 1,
      proven: true,
    })
    for (const step of ['stage', 'gate', 'activate', 'confirm']) expect(done.stderr).toContain(step)
    expect((await keyring.authenticate(token)).payload.sub).toBe('7')
    expect(await run(['fleet', 'wait', '--generation', 'current'])).toMatchObject({ code: 0 })
    const late = await run(['fleet', 'wait', '--generation', '99', '--timeout', '1s'])
    expect(late).toMatchObject({ code: 7 })
    expect(late.stderr).toMatch(/holds generation 3/)
    expect(documentOf(await run(['rollback', '--reason', 'no', '--json']))).toMatchObject({ generation: 4 })
    expect(await run(['rollback', '--reason', 'no'])).toMatchObject({ code: 6 })
    const { instances } = await statusOf(run)
    expect(instances).toMatchObject([{ standing: 'acknowledged', generation: 4 }])
    const trail = documentOf<{ entries: { action: string; reason: string }[] }>(
      await run(['audit', 'list', '--json']),
    )
    expect(trail.entries.map(({ action }) => action)).toEqual([
      ...['init', 'rotate.stage', 'rotate.activate', 'rollback.activate'],
    ])
    expect((await run(['audit', 'verify'])).stdout).toContain('4 entries, chain intact')
  })

  it('applies a plan exactly, or refuses because the ring has moved', async () => {
    const { run } = await makeRing()
    const dry = await run(['rotate', '--mode', 'hard', '--dry-run', '--exit-code', '--json'])
    expect(dry).toMatchObject({ code: 10 })
    const { id } = documentOf<{ id: string }>(dry)
    const apply = ['rotate', '--plan', id, '--no-fleet', '--reason', 'as planned', '--json']
    expect(documentOf(await run(apply))).toMatchObject({ mode: 'hard', sessionsEnded: 'all', proven: false })
    const stale = await run(apply)
    expect(stale).toMatchObject({ code: 6 })
    expect(stale.stderr).toContain('ERR_RING_PLAN')
  })

  it('drops what a shut gate has left, and says that nothing was activated', async () => {
    const { ring, run } = await makeRing()
    const keyring = await hub.join(ring)
    await keyring.close()
    const secret = generateSecret()
    expect(await run(['key', 'import', '--reason', 'x'], { input: secret })).toMatchObject({ code: 0 })
    expect(await run(['key', 'import', '--reason', 'x'], { input: 'changeme' })).toMatchObject({ code: 3 })
    expect((await statusOf(run)).keys.find(({ kid }) => kid === kidOf(secret))?.state).toBe('staged')
    expect(await run(['rotate', '--abort'])).toMatchObject({ code: 0 })
    expect(await run(['rotate', '--abort'])).toMatchObject({ code: 6 })
    expect((await statusOf(run)).keys).toHaveLength(1)
  })

  it('identifies a secret in all rings, and names the emergency command', async () => {
    const { ring, run } = await makeRing()
    await makeRing()
    const secret = generateSecret()
    await run(['key', 'import', '--reason', 'x'], { input: secret })
    const found = await hub.run(['key', 'identify'], { input: secret })
    expect(found, found.stderr).toMatchObject({ code: 0 })
    expect(found.stdout).toContain(`keyturn emergency --ring ${ring} --confirm ${ring}`)
    expect(found.stdout + found.stderr).not.toContain(secret)
    expect(await hub.run(['key', 'identify'], { input: generateSecret() })).toMatchObject({ code: 5 })
  })

  it('retires and destroys a key, and refuses what the ring refuses', async () => {
    const { run } = await makeRing()
    const old = (await statusOf(run)).keys[0]?.kid ?? ''
    expect(await run(['rotate', '--reason', 'x', '--no-fleet'])).toMatchObject({ code: 0 })
    expect(await run(['key', 'retire', old, '--reason', 'x'])).toMatchObject({ code: 6 })
    expect(await run(['key', 'retire', old, '--reason', 'x', '--force'])).toMatchObject({ code: 0 })
    expect(await run(['key', 'destroy', old, '--reason', 'x'])).toMatchObject({ code: 0 })
    expect(await run(['key', 'show', old])).toMatchObject({ code: 5 })
    const due = await run(['rotate', '--if-due'])
    expect(due.stdout, due.stderr).toMatch(/^not due until/)
  })

  it('kills every key in an emergency, and lists from where each token was used', async () => {
    const { ring, run } = await makeRing()
    const keyring = await hub.join(ring)
    const token = keyring.sign({ sub: '7' }, { expiresIn: '5m' })
    expect(await run(['emergency', '--reason', 'x'])).toMatchObject({ code: 2 })
    const done = await run(['emergency', '--reason', 'a leak', '--confirm', ring, '--json'])
    const told = documentOf<{ confirmed: number; tokens: { addresses: string[] }[] }>(done)
    expect(told, done.stderr).toMatchObject({ confirmed: 1, unconfirmed: [], generation: 2, cutoff: 2 })
    expect(told.tokens.flatMap(({ addresses }) => addresses)).toContain('127.0.0.1')
    await expect(keyring.authenticate(token)).rejects.toMatchObject({ code: 'ERR_KEY_COMPROMISED' })
  })

  it('verifies tokens as an instance only: nobody else is shown a secret', async () => {
    const { ring, run } = await makeRing()
    const refused = await run(['token', 'self-test'])
    expect(refused).toMatchObject({ code: 4 })
    const asInstance = { env: { KEYTURN_TOKEN: await hub.tokenFor(`instance:${ring}`) } }
    expect((await run(['token', 'self-test'], asInstance)).stdout).toContain('initialized successfully')
    const keyring = await hub.join(ring)
    const token = keyring.sign({ sub: '7' }, { expiresIn: '5m' })
    expect(await run(['token', 'verify'], { ...asInstance, input: token })).toMatchObject({ code: 0 })
  })

  it('says of check and doctor what applies to a ring without a file', async () => {
    const { ring, run } = await makeRing()
    const checked = await run(['check', '--json'])
    expect(documentOf(checked), checked.stderr).toMatchObject({ ok: true, length: null, valid: null })
    expect(checked.stderr).toContain('their text, a .env file and its mode are not looked at')
    const found = await run(['doctor'])
    expect(found.stdout, found.stderr).toContain(`${ring}, epoch 0, generation 1`)
    expect(await run(['doctor', '--fix'])).toMatchObject({ code: 2 })
    expect(await run(['doctor'], { env: { KEYTURN_TOKEN: 'kt_wrong_token' } })).toMatchObject({ code: 3 })
  })
})

describe('keyturn.config.json', () => {
  const configured = (...names: readonly string[]): string => {
    const store = { type: 'hub', url: hub.url }
    const environments = Object.fromEntries(names.map(name => [name, { store, schedule: '45d' }]))
    return JSON.stringify({ application: 'shop', environments })
  }
  const env = { KEYTURN_URL: '' }

  it('keeps an environment at a hub, as application/environment', async () => {
    const folder = makeFolder({ 'keyturn.config.json': configured('one', 'two') })
    // Without KEYTURN_URL the token is for whatever hub is named.
    const run = (...args: string[]): ReturnType<RunningHub['run']> => hub.run(args, { cwd: folder.path, env })
    for (const name of ['one', 'two'])
      expect((await run('init', '-e', name)).stdout).toContain(`shop/${name} made`)
    const done = await run('rotate', '-e', 'one', '--no-fleet', '--reason', 'x')
    expect(done.stdout, done.stderr).toContain('signs shop/one, generation 3')
    const { due } = documentOf<{ due: string }>(await run('status', '-e', 'one', '--json'))
    expect(Math.round((Date.parse(due) - Date.now()) / 86_400_000)).toBe(45)
  })

  it('refuses settings that a hub has no use for', async () => {
    const store = { type: 'hub', url: hub.url }
    const environments = { one: { store, afterChange: 'systemctl restart shop' } }
    const folder = makeFolder({
      'keyturn.config.json': JSON.stringify({ application: 'shop', environments }),
    })
    const refused = await folder.run(['status', '-e', 'one'])
    expect(refused).toMatchObject({ code: 2 })
    expect(refused.stderr).toContain('environments.one.afterChange goes with a .env file')
  })
})

describe('access at a hub', () => {
  it('does not let a reader change anything, and says which right is missing', async () => {
    const { run } = await makeRing()
    const env = { KEYTURN_TOKEN: await hub.tokenFor('read') }
    expect(await run(['status'], { env })).toMatchObject({ code: 0 })
    const refused = await run(['rotate', '--no-fleet', '--reason', 'x'], { env })
    expect(refused).toMatchObject({ code: 4 })
    expect(refused.stderr).toContain('ERR_AUTH_FORBIDDEN')
    expect(await run(['status'], { env: { KEYTURN_TOKEN: '' } })).toMatchObject({ code: 4 })
  })

  it('makes a token for a program, shown once or into a new 0600 file, and revokes it', async () => {
    const { ring, run } = await makeRing()
    const made = await run(['access', 'create', '--name', `for-${ring}`, '--scope', `instance:${ring}`])
    expect(made, made.stderr).toMatchObject({ code: 0 })
    const env = { KEYTURN_TOKEN: made.stdout.trim() }
    expect(await run(['whoami'], { env })).toMatchObject({ code: 0 })
    expect((await run(['access', 'list'])).stdout).not.toContain(made.stdout.trim())
    expect(await run(['access', 'revoke', `for-${ring}`])).toMatchObject({ code: 0 })
    expect(await run(['whoami'], { env })).toMatchObject({ code: 4 })
    expect(await run(['access', 'revoke', 'nobody'])).toMatchObject({ code: 5 })
    expect(await run(['access', 'create', '--name', 'x', '--scope', 'root'])).toMatchObject({ code: 2 })
  })
})
