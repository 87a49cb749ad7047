/** hub: what a hub says instead of a ring. Denied, missing and unreachable never look alike. */
import { describe, expect, it } from 'vitest'
import { expectError } from '../../test/expect-error.ts'
import { leaseOf } from '../../test/fleet-fixtures.ts'
import { HandClock } from '../../test/hand-clock.ts'
import { hubDouble, problem, type HubDouble } from '../../test/hub-double.ts'
import { firstRing, ringName } from '../../test/sample-rings.ts'
import type { ErrorCode } from '../errors.ts'
import { hub } from './hub.ts'

const sourceOn = ({ url, token }: Pick<HubDouble, 'url' | 'token'>, clock = new HandClock()) => ({
  ...hub({ url, ring: ringName, token, clock }),
  clock,
})

describe('a refusal', () => {
  it.each<readonly [number, ErrorCode, ErrorCode, string]>([
    [401, 'ERR_AUTH_INVALID', 'ERR_STORE_DENIED', 'as the test wants it'],
    [403, 'ERR_AUTH_FORBIDDEN', 'ERR_STORE_DENIED', 'instance:immonow/test'],
    [503, 'ERR_RING_REGRESSED', 'ERR_RING_REGRESSED', 'as the test wants it'],
    [503, 'ERR_HUB_DATABASE', 'ERR_STORE_UNREACHABLE', '503: as the test wants it'],
    [500, 'ERR_HUB_INTERNAL', 'ERR_STORE_UNREACHABLE', '500'],
    [429, 'ERR_AUTH_LOCKED', 'ERR_STORE_UNREACHABLE', '429'],
    [400, 'ERR_REQUEST_INVALID', 'ERR_STORE_UNREACHABLE', '400'],
    [404, 'ERR_ROUTE_NOT_FOUND', 'ERR_STORE_UNREACHABLE', '404'],
  ])('%i %s is %s', async (status, code, expected, words) => {
    const double = await hubDouble(firstRing())
    double.answer = response => problem(response, status, code)
    const message = await expectError(() => sourceOn(double).store.read(), expected)
    expect(message).toContain(words)
    expect(message).toContain(double.place)
  })

  it('is no missing ring where the 404 is not the hub’s', async () => {
    const double = await hubDouble(firstRing())
    for (const body of ['<html>404</html>', '{}', '[]', 'null', '{"code":7}', '']) {
      double.answer = response => void response.writeHead(404).end(body)
      await expectError(() => sourceOn(double).store.read(), 'ERR_STORE_UNREACHABLE')
    }
  })

  it('is told in few printable words', async () => {
    const double = await hubDouble(firstRing())
    const detail = `\u001b[31mred\r\nkeyturn: info: forged\u202e ${'x'.repeat(5_000)}`
    double.answer = response => problem(response, 500, 'ERR_HUB_INTERNAL', { detail })
    const message = await expectError(() => sourceOn(double).store.read(), 'ERR_STORE_UNREACHABLE')
    expect(message).toMatch(/^[ -~]{1,400}$/)
  })

  it('never repeats the token, also where the server does', async () => {
    const double = await hubDouble(firstRing())
    const { store, leases, clock } = sourceOn(double)
    const messages: string[] = []
    for (const status of [302, 400, 401, 403, 404, 418, 500, 503]) {
      double.answer = (response, { headers }) =>
        problem(response, status, 'ERR_HUB_INTERNAL', { detail: `you sent ${headers.authorization}` })
      for (const act of [() => store.read(), () => leases?.put(leaseOf(firstRing(), 'one', clock.now()))])
        await Promise.resolve(act()).catch((error: Error) =>
          messages.push(JSON.stringify([error.message, error])),
        )
    }
    expect(messages).toHaveLength(15)
    expect(messages.join()).not.toContain(double.token)
    expect(messages.join()).toContain('you sent Bearer [token]')
  })

  it('that sends elsewhere is not followed', async () => {
    const [double, other] = [await hubDouble(firstRing()), await hubDouble(firstRing())]
    for (const status of [301, 302, 303, 307, 308]) {
      double.answer = response => void response.writeHead(status, { location: `${other.url}/v1` }).end()
      const message = await expectError(() => sourceOn(double).store.read(), 'ERR_STORE_UNREACHABLE')
      expect(message).toContain('KEYTURN_URL')
    }
    expect(other.received).toEqual([])
  })

  it.each([429, 503])(
    'with %i and Retry-After stands for that long, without another request',
    async status => {
      const double = await hubDouble(firstRing())
      const { store, clock } = sourceOn(double)
      double.answer = response =>
        problem(response, status, 'ERR_RING_REGRESSED', { headers: { 'retry-after': '20' } })
      const first = await store.read().catch((error: unknown) => error)
      double.answer = undefined
      clock.advance(19_999)
      await expect(store.read()).rejects.toEqual(first)
      expect(double.received).toHaveLength(1)
      clock.advance(1)
      expect((await store.read())?.document.generation).toBe(1)
    },
  )

  it('cannot ask for more silence than a lease bears', async () => {
    const double = await hubDouble(firstRing())
    const { store, clock } = sourceOn(double)
    double.answer = response =>
      problem(response, 503, 'ERR_HUB_DATABASE', { headers: { 'retry-after': '86400' } })
    await expectError(() => store.read(), 'ERR_STORE_UNREACHABLE')
    double.answer = undefined
    clock.advance(30_000)
    expect((await store.read())?.document.generation).toBe(1)
  })
})
