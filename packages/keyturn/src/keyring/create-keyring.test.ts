/** createKeyring: what stops the start, and what a running keyring tells of its ring. */
import { describe, expect, it } from 'vitest'
import { bench, grounds, type Bench } from '../../test/fleet-fixtures.ts'
import { forge, TamperedStore } from '../../test/keyring-fixtures.ts'
import { freshSecret } from '../../test/ring-fixtures.ts'
import { VirtualClock } from '../../test/virtual-clock.ts'
import type { Ring } from '../ports/ring-store.ts'
import { emergency } from '../rotation/emergency.ts'
import { rotate } from '../rotation/rotate.ts'
import { generateSecret } from '../secret/generate.ts'
import { kidOf } from '../secret/kid.ts'
import { Secret } from '../secret/secret.ts'
import { environment } from '../stores/env.ts'
import { envFile, type EnvFile } from '../stores/env-file.ts'
import { createKeyring, type KeyringOptions } from './create-keyring.ts'
import type { KeyringEvent } from './events.ts'
import type { LogEvent } from './log.ts'

const weak = 'your-jwt-secret-key'

/** A live source in memory. */
function sourceOf(made: Bench): { source: EnvFile; store: TamperedStore } {
  const store = new TamperedStore(made.store)
  const source = {
    ...envFile('.env'),
    store,
    leases: made.leases,
    assertLive: () => undefined,
    modeWarning: () => 'others can read .env',
  }
  return { source, store }
}

/** The machine's time: an application takes no other clock. */
const presentBench = (): Bench => bench({ clock: new VirtualClock(Date.now()) })

function logging(): { log: (event: LogEvent) => void; lines: LogEvent[] } {
  const lines: LogEvent[] = []
  return { log: event => void lines.push(event), lines }
}

describe('from the environment', () => {
  const start = (env: Record<string, string>, more: KeyringOptions = {}) =>
    createKeyring({ env, log: () => undefined, ...more })

  it('signs with JWT_SECRET_KEY, and verifies with NEXT and PREVIOUS', async () => {
    const [active, next, previous] = [generateSecret(), generateSecret(), generateSecret()]
    const keyring = await start({
      JWT_SECRET_KEY: active,
      JWT_SECRET_KEY_NEXT: next,
      JWT_SECRET_KEY_PREVIOUS: previous,
    })
    expect(keyring.activeKid).toBe(kidOf(active))
    for (const JWT_SECRET_KEY of [next, previous]) {
      const token = (await start({ JWT_SECRET_KEY })).sign({}, { expiresIn: 60 })
      expect((await keyring.authenticate(token)).kid).toBe(kidOf(JWT_SECRET_KEY))
    }
    expect(keyring).toMatchObject({ generation: 0, state: 'fresh' })
  })

  it('refuses to start without a secret', async () => {
    await expect(start({})).rejects.toMatchObject({
      name: 'ConfigError',
      code: 'ERR_CONFIG_SECRET_MISSING',
      message: expect.stringContaining('JWT_SECRET_KEY'),
    })
  })

  it('refuses to start with a weak secret: every finding, a security event, and never the value', async () => {
    const { log, lines } = logging()
    const starting = start({ JWT_SECRET_KEY: weak, JWT_SECRET_KEY_PREVIOUS: 'changeme' }, { log })
    await expect(starting).rejects.toSatisfy(error => {
      expect(error).toMatchObject({ code: 'ERR_CONFIG_SECRET_WEAK' })
      expect(error.message).toContain('JWT_SECRET_KEY must be at least 64 characters')
      expect(error.message).toContain('JWT_SECRET_KEY_PREVIOUS')
      return !JSON.stringify([error.message, error.findings, lines]).includes('jwt-secret-k')
    })
    expect(lines.map(({ event }) => event)).toContain('security.weak-secret')
  })

  it('verifies with a legacy secret although it is weak, and never signs with it', async () => {
    const legacy = 'django-insecure-0123456789-abcdefghijklmnopqrstuvw'
    const keyring = await start({ JWT_SECRET_KEY: generateSecret(), JWT_SECRET_KEY_LEGACY: legacy })
    const token = forge(new Secret(legacy), { exp: Math.floor(Date.now() / 1000) + 900 })
    expect((await keyring.authenticate(token)).kid).not.toBe(keyring.activeKid)
  })

  it('takes another name for all variables', async () => {
    const keyring = await start({ AUTH_SECRET: generateSecret() }, { variable: 'AUTH_SECRET' })
    expect(keyring.activeKid).not.toBe('')
    await expect(start({ AUTH_SECRET: weak }, { variable: 'AUTH_SECRET' })).rejects.toThrow(
      /^AUTH_SECRET must/,
    )
  })

  it('refuses a hub that it has no token for, rather than take another secret', async () => {
    const env = { KEYTURN_URL: 'https://hub.example', JWT_SECRET_KEY: generateSecret() }
    await expect(start(env)).rejects.toMatchObject({ code: 'ERR_CONFIG_SOURCE' })
  })

  it('refuses durations that contradict each other', async () => {
    const source = environment({ env: { JWT_SECRET_KEY: generateSecret() } })
    await expect(createKeyring({ source, limits: { grace: 60 } })).rejects.toMatchObject({
      code: 'ERR_CONFIG_LIMITS',
    })
  })
})

describe('from a live source', () => {
  it('resolves when its lease is stored, warns of an open file, and takes the lease away at the end', async () => {
    const made = presentBench()
    const { log, lines } = logging()
    const keyring = await createKeyring({ ...sourceOf(made), instance: 'one', log })
    expect(await made.leases.list()).toMatchObject([{ instance: 'one', generation: 1 }])
    expect(lines).toMatchObject([{ level: 'warn', event: 'file.mode' }])
    await keyring.close()
    expect(await made.leases.list()).toEqual([])
  })

  it('shows itself to nobody with lease: false', async () => {
    const made = presentBench()
    const keyring = await createKeyring({ ...sourceOf(made), lease: false, log: () => undefined })
    expect(await made.leases.list()).toEqual([])
    await keyring.close()
  })

  it('does not start when its lease cannot be stored', async () => {
    const made = presentBench()
    const { source } = sourceOf(made)
    const leases = { ...made.leases, put: () => Promise.reject(new Error('read-only')) }
    const starting = createKeyring({ source: { ...source, leases }, log: () => undefined })
    await expect(starting).rejects.toThrow('read-only')
  })

  it('tells of rotations, of what was suspended and of what was compromised', async () => {
    const made = presentBench()
    const { log, lines } = logging()
    const keyring = await createKeyring({ ...sourceOf(made), log })
    const events: unknown[] = []
    for (const name of ['rotated', 'suspended', 'compromised'] as const)
      keyring.on(name, event => events.push([name, event]))
    const first = keyring.activeKid
    const { kid: second } = await rotate(made.context, { ...grounds, mode: 'hard', timeout: 30_000 })
    const { kid: third } = await emergency(made.context, { ...grounds, timeout: 1_000 })
    expect(events).toEqual([
      ['suspended', { generation: 3, kid: first }],
      ['rotated', { generation: 3, kid: second, previous: first }],
      ['compromised', { generation: 4, kid: first }],
      ['compromised', { generation: 4, kid: second }],
      ['rotated', { generation: 4, kid: third, previous: second }],
    ])
    expect(lines.map(({ event }) => event)).toContain('key.compromised')
    await keyring.close()
  })

  it.each<readonly [KeyringEvent, (store: TamperedStore, edit: (ring: Ring) => Ring) => unknown, object]>([
    ['edited', (store, edit) => (store.change = edit), { generation: 1 }],
    ['reload-failed', store => (store.isDown = true), { code: 'ERR_STORE_UNREACHABLE' }],
  ])('tells once of a file that was "%s", and keeps its ring', async (name, act, told) => {
    const made = presentBench()
    const { source, store } = sourceOf(made)
    let hint = (): void => undefined
    store.watch = hinted => {
      hint = hinted
      return () => undefined
    }
    const keyring = await createKeyring({ source, log: () => undefined })
    const events: unknown[] = []
    keyring.on(name, event => events.push(event))
    const edited = { active: freshSecret().secret, retiring: [], suspended: [] }
    act(store, ring => ({ ...ring, edited }))
    const { activeKid } = keyring
    for (let count = 0; count < 3; count += 1) {
      hint()
      await new Promise(resolve => setImmediate(resolve))
    }
    expect(events).toMatchObject([told])
    expect([keyring.activeKid, keyring.state]).toEqual([activeKid, 'fresh'])
    await keyring.close()
  })

  it('takes over at the start what was edited by hand', async () => {
    const made = presentBench()
    const { source, store } = sourceOf(made)
    const { kid, secret } = freshSecret()
    store.change = ring =>
      ring.document.generation > 1
        ? ring
        : { ...ring, edited: { active: secret, retiring: [], suspended: [] } }
    const { log, lines } = logging()
    const keyring = await createKeyring({ source, log })
    expect(keyring).toMatchObject({ activeKid: kid, generation: 2, cutoff: 2 })
    expect(lines.map(({ event }) => event)).toContain('ring.edited')
    await keyring.close()
  })
})
