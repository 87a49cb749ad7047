/** createKeyring on a hub: it joins, follows, stands an outage, starts from a snapshot, and goes. Over real HTTP. */
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { expectError } from '../../test/expect-error.ts'
import { hubDouble, problem, type HubDouble } from '../../test/hub-double.ts'
import { firstRing, ringName, stagedRing } from '../../test/sample-rings.ts'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import type { Ring } from '../ports/ring-store.ts'
import { hub } from '../stores/hub.ts'
import { createKeyring } from './create-keyring.ts'
import type { Keyring } from './keyring.ts'
import type { LogEvent } from './log.ts'

const life = { expiresIn: 900 }

const envOf = ({ url, token }: HubDouble, more: Record<string, string> = {}): Record<string, string> => ({
  KEYTURN_URL: url,
  KEYTURN_TOKEN: token,
  KEYTURN_RING: ringName,
  ...more,
})

async function start(double: HubDouble, more: Record<string, string> = {}) {
  const lines: LogEvent[] = []
  const keyring = await createKeyring({
    env: envOf(double, more),
    instance: 'one',
    log: line => void lines.push(line),
  })
  onTestFinished(() => keyring.close())
  return { keyring, lines, told: () => lines.map(({ event, code }) => code ?? event) }
}

const snapshotIn = (folder: string) => ({ KEYTURN_SNAPSHOT: join(folder, 'ring.snapshot') })

/** A snapshot of a process that is gone, and a token that it signed. */
async function predecessor(double: HubDouble, folder: string): Promise<string> {
  const { keyring } = await start(double, snapshotIn(folder))
  const token = keyring.sign({ sub: 'anna' }, life)
  const source = hub({
    url: double.url,
    ring: ringName,
    token: double.token,
    snapshot: join(folder, 'ring.snapshot'),
  })
  await expect.poll(() => source.snapshot?.load()).toBeDefined()
  await keyring.close()
  return token
}

const signs = (keyring: Keyring): boolean => {
  try {
    keyring.sign({}, life)
    return true
  } catch (error) {
    expect(error).toMatchObject({ code: 'ERR_RING_VERIFY_ONLY', status: 503, retryAfter: 2 })
    return false
  }
}

describe('a keyring on a hub', () => {
  it('starts with its lease stored, follows what is announced, and goes with its lease', async () => {
    const ring = firstRing()
    const double = await hubDouble(ring)
    const { keyring } = await start(double)
    expect(keyring.ring).toBe(ringName)
    expect(double.leases.get('one')).toMatchObject({ generation: 1, ring: ringName, role: 'instance' })
    const token = keyring.sign({ sub: 'anna' }, life)
    expect((await keyring.authenticate(token)).payload).toMatchObject({ sub: 'anna' })
    await expect.poll(() => double.streams.size).toBe(1)
    const [change, key] = [stagedRing(ring), ring.document.keys[0]?.kid]
    double.ring = change
    double.announce()
    await expect.poll(() => double.leases.get('one')?.generation).toBe(2)
    expect(Object.keys(double.leases.get('one')?.proofs ?? {}).sort()).toEqual(
      change.document.keys.map(({ kid }) => kid).sort(),
    )
    expect(keyring.activeKid).toBe(key)
    await keyring.close()
    expect(double.leases.size).toBe(0)
    await expect.poll(() => double.streams.size).toBe(0)
  })

  it('refuses an older ring, and says so in its lease', async () => {
    const ring = stagedRing(firstRing())
    const double = await hubDouble(ring)
    const { keyring, told } = await start(double)
    await expect.poll(() => double.streams.size).toBe(1)
    double.ring = { ...ring, document: { ...ring.document, generation: 1 } }
    double.announce()
    await expect.poll(told).toContain('ERR_RING_REGRESSED')
    expect(keyring.generation).toBe(2)
    await expect.poll(() => double.leases.get('one')?.nack?.code).toBe('ERR_RING_REGRESSED')
  })

  it('does not start where the hub denies, has no ring, halts it, or is away', async () => {
    const double = await hubDouble(firstRing())
    const starting = () => start(double)
    double.token = 'kt_another'
    await expectError(
      () => createKeyring({ env: { ...envOf(double), KEYTURN_TOKEN: 'kt_wrong' } }),
      'ERR_STORE_DENIED',
    )
    double.ring = undefined
    await expectError(starting, 'ERR_STORE_MISSING')
    double.answer = response => problem(response, 503, 'ERR_RING_REGRESSED')
    await expectError(starting, 'ERR_RING_REGRESSED')
    double.goDown()
    await expectError(starting, 'ERR_STORE_UNREACHABLE')
  })

  it('closes without an error where the hub is away', async () => {
    const double = await hubDouble(firstRing())
    const { keyring } = await start(double)
    double.goDown()
    await keyring.close()
    expect(double.leases.size).toBe(1)
  })
})

describe('a start while the hub is away', () => {
  it('verifies with the snapshot, signs nothing, and joins by itself when the hub is back', async () => {
    const folder = temporaryFolder()
    const double = await hubDouble(firstRing())
    const token = await predecessor(double, folder)
    double.goDown()
    const { keyring, told } = await start(double, snapshotIn(folder))
    expect(told()).toContain('ring.snapshot')
    expect((await keyring.authenticate(token)).payload).toMatchObject({ sub: 'anna' })
    expect(keyring.verify(token).payload).toMatchObject({ sub: 'anna' })
    expect(signs(keyring)).toBe(false)
    expect(double.leases.size).toBe(0)
    double.isDown = false
    double.ring = double.ring && stagedRing(double.ring)
    await expect.poll(() => signs(keyring), { timeout: 20_000 }).toBe(true)
    expect(double.leases.get('one')).toMatchObject({ generation: 2 })
    expect((await keyring.authenticate(token)).payload).toMatchObject({ sub: 'anna' })
    await expect.poll(() => double.streams.size).toBe(1)
  })

  it('closes before the hub is back', async () => {
    const folder = temporaryFolder()
    const double = await hubDouble(firstRing())
    await predecessor(double, folder)
    double.goDown()
    const { keyring } = await start(double, snapshotIn(folder))
    await keyring.close()
  })

  it.each<readonly [string, (ring: Ring) => number, boolean]>([
    ['is younger than maxStale', ring => Date.now() - ring.document.limits.maxStale * 900, true],
    ['is older than maxStale', ring => Date.now() - ring.document.limits.maxStale * 1000 - 1, false],
    ['is of a time yet to come', () => Date.now() + 60_000, false],
  ])('with a snapshot that %s', async (_, confirmedAt, isTaken) => {
    const ring = firstRing()
    const double = await hubDouble(ring)
    const snapshot = join(temporaryFolder(), 'ring.snapshot')
    const source = hub({ url: double.url, ring: ringName, token: double.token, snapshot })
    await source.snapshot?.save(ring, confirmedAt(ring))
    double.goDown()
    const starting = () => start(double, { KEYTURN_SNAPSHOT: snapshot })
    if (isTaken) expect(signs((await starting()).keyring)).toBe(false)
    else await expectError(starting, 'ERR_STORE_UNREACHABLE')
  })

  it('does not help where the hub refuses', async () => {
    const folder = temporaryFolder()
    const double = await hubDouble(firstRing())
    await predecessor(double, folder)
    double.answer = response => problem(response, 403, 'ERR_AUTH_FORBIDDEN')
    await expectError(() => start(double, snapshotIn(folder)), 'ERR_STORE_DENIED')
    double.answer = response => problem(response, 503, 'ERR_RING_REGRESSED')
    await expectError(() => start(double, snapshotIn(folder)), 'ERR_RING_REGRESSED')
  })
})
