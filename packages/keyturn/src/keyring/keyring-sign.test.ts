/** Signing, sessions and counting: what an application does with a keyring beside verifying. */
import { describe, expect, it } from 'vitest'
import { grounds } from '../../test/fleet-fixtures.ts'
import { forge, keyringBench } from '../../test/keyring-fixtures.ts'
import { freshSecret, limits } from '../../test/ring-fixtures.ts'
import { emptyDocument } from '../ring/adopt.ts'
import { emergency } from '../rotation/emergency.ts'
import { rollback } from '../rotation/rollback.ts'
import { rotate } from '../rotation/rotate.ts'
import { Counting } from './counters.ts'
import { Emitter } from './events.ts'
import { KeyTable } from './key-table.ts'
import { Keyring } from './keyring.ts'

const { maxTokenLife } = limits
const noFleet = { ...grounds, noFleet: true }

describe('sign', () => {
  it('signs with the active key, and adds iat, exp, issuer and audience', async () => {
    const { keyring, clock } = await keyringBench({ checks: { issuer: 'immonow', audience: 'api' } })
    const { header, payload, kid } = keyring.verify(
      keyring.sign({ sub: 'anna', role: 'agent' }, { expiresIn: '15m' }),
    )
    expect(header).toEqual({ alg: 'HS256', typ: 'JWT', kid: keyring.activeKid })
    expect(kid).toBe(keyring.activeKid)
    expect(payload).toEqual({
      iat: clock.seconds,
      exp: clock.seconds + 900,
      iss: 'immonow',
      aud: 'api',
      sub: 'anna',
      role: 'agent',
    })
  })

  it.each([maxTokenLife, '1h', 1, '90s'])('takes a life of %s', async expiresIn => {
    const { keyring } = await keyringBench()
    expect(keyring.verify(keyring.sign({}, { expiresIn })).kid).toBe(keyring.activeKid)
  })

  it.each([[maxTokenLife + 1], ['2h'], [0], [-1], [1.5], ['soon'], [undefined], [Infinity]])(
    'refuses a life of %s',
    async expiresIn => {
      const { keyring } = await keyringBench()
      expect(() => keyring.sign({}, { expiresIn: expiresIn as number })).toThrow(
        expect.objectContaining({ name: 'KeyturnError', code: 'ERR_SIGN_LIFETIME' }),
      )
    },
  )

  it('refuses to sign without options at all', async () => {
    const { keyring } = await keyringBench()
    expect(() => Reflect.apply(keyring.sign, keyring, [{}])).toThrow(
      expect.objectContaining({ code: 'ERR_SIGN_LIFETIME' }),
    )
  })

  it.each([{ exp: 4_000_000_000 }, { iat: 4_000_000_000 }, { sub: 7 }, { iss: 'somebody' }])(
    'refuses claims that would get around that, or that no verifier accepts: %j',
    async claims => {
      const { keyring } = await keyringBench({ checks: { issuer: 'immonow' } })
      expect(() => keyring.sign(claims, { expiresIn: 60 })).toThrow(
        expect.objectContaining({ code: 'ERR_SIGN_CLAIM' }),
      )
    },
  )
})

describe('a login session', () => {
  it('lives through a graceful rotation, and ends with a hard one until that is rolled back', async () => {
    const { keyring, live, context } = await keyringBench()
    const stamp = keyring.sessionStamp()
    expect(stamp).toEqual({ generation: 1, kid: keyring.activeKid })
    await rotate(context, { ...noFleet, mode: 'graceful' })
    await live.reload()
    expect(keyring.sessionEnded(stamp)).toBe(false)

    await rotate(context, { ...noFleet, mode: 'hard' })
    await live.reload()
    expect([keyring.sessionEnded(stamp), keyring.sessionEndedForSecurity(stamp)]).toEqual([true, false])
    const between = keyring.sessionStamp()
    expect([between.generation, keyring.cutoff, keyring.sessionEnded(between)]).toEqual([5, 5, false])

    await rollback(context, noFleet)
    await live.reload()
    expect([stamp, between].map(each => keyring.sessionEnded(each))).toEqual([false, false])
  })

  it('ends for good with an emergency', async () => {
    const { keyring, live, context } = await keyringBench()
    const stamp = keyring.sessionStamp()
    await emergency(context, { ...grounds, timeout: 0 })
    await live.reload()
    expect([keyring.sessionEnded(stamp), keyring.sessionEndedForSecurity(stamp)]).toEqual([true, true])
    expect(keyring.sessionEnded(keyring.sessionStamp())).toBe(false)
  })

  it('ends in a ring without a record when its secret was replaced by hand', () => {
    const ringOf = (...found: ReturnType<typeof freshSecret>[]): Keyring => {
      const keys = found.map(({ kid }, index) => {
        const state = index === 0 ? ('active' as const) : ('retiring' as const)
        return { kid, state, alg: 'HS256', createdAt: null } as const
      })
      const document = emptyDocument('default/default', limits, keys)
      const ring = { document, secrets: new Map(found.map(({ kid, secret }) => [kid, secret])) }
      const parts = { checks: {}, emitter: new Emitter(), counting: new Counting() }
      return new Keyring({ table: new KeyTable(ring) }, parts)
    }
    const [old, fresh] = [freshSecret(), freshSecret()]
    const stamp = ringOf(old).sessionStamp()
    expect(ringOf(fresh).sessionEnded(stamp)).toBe(true)
    expect(ringOf(fresh, old).sessionEnded(stamp)).toBe(false)
    expect(ringOf(old).sessionEnded(stamp)).toBe(false)
  })
})

it('counts what it signed, verified and refused, and the logins and sign-outs it is told of', async () => {
  const { keyring } = await keyringBench()
  const kid = keyring.activeKid
  const token = keyring.sign({}, { expiresIn: 60 })
  keyring.verify(token)
  await keyring.authenticate(token)
  for (const bad of ['', `${token}x`, `${token}x`]) expect(() => keyring.verify(bad)).toThrow()
  keyring.recordLogin(true)
  keyring.recordLogin(false)
  keyring.recordLogin(false)
  for (let count = 0; count < 3; count += 1) keyring.recordUnexpectedSignOut()
  expect(keyring.counters()).toEqual({
    verified: { [kid]: 2 },
    rejected: { ERR_TOKEN_MALFORMED: 1, ERR_TOKEN_SIGNATURE: 2 },
    signed: { [kid]: 1 },
    loginsSucceeded: 1,
    loginsFailed: 2,
    unexpectedSignOuts: 3,
  })
})

it('shows its ring without a byte of it', async () => {
  const { keyring } = await keyringBench()
  expect(keyring).toMatchObject({
    ring: 'immonow/production',
    generation: 1,
    epoch: 0,
    cutoff: 0,
    maxTokenLife,
  })
  expect(keyring.keys).toMatchObject([{ kid: keyring.activeKid, state: 'active' }])
})

describe('security violations', () => {
  const stranger = freshSecret()

  it('are told with code and kid, never with the token, at most once in 10 s for each code', async () => {
    const { keyring, clock, events } = await keyringBench()
    const kid = keyring.activeKid
    const forged = forge(stranger.secret, { exp: clock.seconds + 900 }, { kid })
    for (let count = 0; count < 50; count += 1) expect(() => keyring.verify(forged)).toThrow()
    expect(events).toEqual([['security.violation', { code: 'ERR_TOKEN_SIGNATURE', kid, count: 1 }]])

    const other = forge(stranger.secret, { exp: clock.seconds + 900 }, { kid, alg: 'HS512' })
    expect(() => keyring.verify(other)).toThrow()
    expect(events.at(-1)).toEqual(['security.violation', { code: 'ERR_TOKEN_ALGORITHM', kid, count: 1 }])

    clock.advance(10_000)
    expect(() => keyring.verify(forged)).toThrow()
    expect(events.at(-1)).toEqual(['security.violation', { code: 'ERR_TOKEN_SIGNATURE', kid, count: 50 }])
    expect(JSON.stringify(events)).not.toContain(forged.slice(0, 20))
  })

  it('are told of a compromised key', async () => {
    const { keyring, live, context, events } = await keyringBench()
    const { activeKid: kid } = keyring
    const token = keyring.sign({}, { expiresIn: 60 })
    await emergency(context, { ...grounds, timeout: 0 })
    await live.reload()
    expect(() => keyring.verify(token)).toThrow()
    expect(events).toEqual([['security.violation', { code: 'ERR_KEY_COMPROMISED', kid, count: 1 }]])
  })

  it('are not made of what an honest client may send', async () => {
    const { keyring, clock, events } = await keyringBench()
    const old = keyring.sign({}, { expiresIn: 1 })
    clock.advance(2_000)
    const unknown = forge(stranger.secret, { exp: clock.seconds + 900 }, { kid: stranger.kid })
    for (const token of [old, unknown, '']) expect(() => keyring.verify(token)).toThrow()
    expect(events).toEqual([])
  })
})
