/** hub: reading a ring and showing a lease, over real HTTP. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { expectError } from '../../test/expect-error.ts'
import { leaseOf } from '../../test/fleet-fixtures.ts'
import { hubDouble, problem, sendRing, type HubDouble } from '../../test/hub-double.ts'
import {
  changed,
  firstRing,
  freshKey,
  legacyRing,
  ringName,
  rotatedRing,
  stagedRing,
} from '../../test/sample-rings.ts'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import type { Ring } from '../ports/ring-store.ts'
import { emergency } from '../ring/emergency.ts'
import { Secret } from '../secret/secret.ts'
import { hub, type HubOptions } from './hub.ts'

const sourceOn = ({ url, token }: HubDouble, more: Partial<HubOptions> = {}) =>
  hub({ url, ring: ringName, token, ...more })

const leasesOn = (double: HubDouble) => {
  const { leases } = sourceOn(double)
  if (!leases) throw new Error('a hub has leases')
  return leases
}

const texts = (ring: Ring | undefined): Record<string, string> =>
  Object.fromEntries([...(ring?.secrets ?? [])].map(([kid, secret]) => [kid, secret.reveal()]))

const emptied = (ring: Ring): Ring => {
  const fresh = freshKey()
  const next = changed(ring, document => emergency(document, { fresh: fresh.key, now: 0 }), { fresh })
  return { ...next, secrets: new Map([[fresh.key.kid, fresh.secret]]) }
}

describe('reading', () => {
  it('gives the ring with the secrets of the keys that verify, and no others', async () => {
    const ring = stagedRing(rotatedRing(firstRing()))
    const found = await sourceOn(await hubDouble(ring)).store.read()
    expect(found?.document).toEqual(ring.document)
    expect(texts(found)).toEqual(texts(ring))
    expect([...(found?.secrets.values() ?? [])]).toSatisfy((secrets: unknown[]) =>
      secrets.every(secret => secret instanceof Secret),
    )
  })

  it.each<readonly [string, Ring, number]>([
    ['suspended keys', rotatedRing(firstRing(), 'hard'), 1],
    ['compromised keys', emptied(rotatedRing(firstRing())), 1],
    ['a legacy key, whose kid is random', legacyRing('changeme'), 2],
  ])('takes a ring with %s', async (_, ring, count) => {
    const found = await sourceOn(await hubDouble(ring)).store.read()
    expect(found?.document).toEqual(ring.document)
    expect(found?.secrets.size).toBe(count)
  })

  it('asks whether the ring has changed, and keeps it if not', async () => {
    const double = await hubDouble(firstRing())
    const { store } = sourceOn(double)
    const first = await store.read()
    expect(await store.read()).toBe(first)
    double.ring = stagedRing(double.ring ?? firstRing())
    expect((await store.read())?.document.generation).toBe(2)
    expect(double.received.map(({ headers }) => headers['if-none-match']?.slice(0, 5))).toEqual([
      undefined,
      '"0.1.',
      '"0.1.',
    ])
  })

  it('takes the weak tag of a proxy that compresses', async () => {
    const ring = firstRing()
    const double = await hubDouble(ring)
    const { store } = sourceOn(double)
    await store.read()
    double.answer = (response, { headers }) =>
      sendRing(response, ring, same => same, `W/${headers['if-none-match']}`)
    expect((await store.read())?.document).toEqual(ring.document)
  })

  it('sends the token in its header and nowhere else', async () => {
    const double = await hubDouble(firstRing())
    await sourceOn(double).store.read()
    const [request] = double.received
    expect(request).toMatchObject({ method: 'GET', path: '/v1/rings/immonow%2Ftest/keyring' })
    expect(request?.headers).toMatchObject({
      authorization: `Bearer ${double.token}`,
      'user-agent': 'keyturn',
    })
  })

  it('asks below the path of the address', async () => {
    const double = await hubDouble(firstRing())
    await sourceOn({ ...double, url: `${double.url}/keyturn/`, token: 'x' } as HubDouble)
      .store.read()
      .catch(() => undefined)
    expect(double.asked).toEqual(['GET /keyturn/v1/rings/immonow%2Ftest/keyring'])
  })

  it('uses one connection for request after request', async () => {
    const double = await hubDouble(firstRing())
    const { store } = sourceOn(double)
    for (let count = 0; count < 5; count += 1) await store.read()
    expect(double.sockets.size).toBe(1)
  })

  it('answers undefined where the hub has no such ring', async () => {
    expect(await sourceOn(await hubDouble(undefined)).store.read()).toBeUndefined()
  })

  it('forgets a ring that the hub no longer has', async () => {
    const double = await hubDouble(firstRing())
    const { store } = sourceOn(double)
    await store.read()
    double.ring = undefined
    expect(await store.read()).toBeUndefined()
    double.ring = firstRing()
    expect((await store.read())?.document).toEqual(double.ring.document)
  })

  it('reads the token again where the hub refuses it, and asks again at once', async () => {
    const double = await hubDouble(firstRing())
    const tokenFile = join(temporaryFolder(), 'token')
    writeFileSync(tokenFile, 'kt_old')
    const { store } = hub({ url: double.url, ring: ringName, tokenFile })
    await expectError(() => store.read(), 'ERR_STORE_DENIED')
    // As if the file were replaced between the look at it and the request.
    double.answer = response => {
      writeFileSync(tokenFile, double.token)
      double.answer = undefined
      problem(response, 401, 'ERR_AUTH_INVALID')
    }
    expect((await store.read())?.document.generation).toBe(1)
    expect(double.received).toHaveLength(3)
  })
})

describe('the lease', () => {
  it('is put as it is, and taken away', async () => {
    const ring = firstRing()
    const double = await hubDouble(ring)
    const leases = leasesOn(double)
    const lease = leaseOf(ring, 'host/1 a', 5)
    await leases.put(lease)
    expect(double.leases.get('host/1 a')).toEqual(lease)
    await leases.remove('host/1 a')
    expect(double.leases.size).toBe(0)
    expect(double.asked).toEqual([
      'PUT /v1/rings/immonow%2Ftest/leases/host%2F1%20a',
      'DELETE /v1/rings/immonow%2Ftest/leases/host%2F1%20a',
    ])
  })

  it('says why it was not stored', async () => {
    const ring = firstRing()
    const double = await hubDouble(ring)
    const leases = leasesOn(double)
    const put = (): Promise<void> => leases.put(leaseOf(ring, 'one', 5))
    double.answer = response => problem(response, 403, 'ERR_AUTH_FORBIDDEN')
    await expectError(put, 'ERR_STORE_DENIED')
    double.answer = response => problem(response, 404, 'ERR_STORE_MISSING')
    await expectError(put, 'ERR_STORE_MISSING')
    double.answer = response => problem(response, 400, 'ERR_REQUEST_INVALID')
    await expectError(put, 'ERR_STORE_UNREACHABLE')
    double.goDown()
    await expectError(put, 'ERR_STORE_UNREACHABLE')
  })

  it('is taken away without an error, also where nobody answers', async () => {
    const double = await hubDouble(firstRing())
    const leases = leasesOn(double)
    double.answer = response => problem(response, 500, 'ERR_HUB_INTERNAL')
    await leases.remove('one')
    double.goDown()
    await leases.remove('one')
  })
})
