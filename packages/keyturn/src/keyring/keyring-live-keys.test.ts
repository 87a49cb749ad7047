/** Verifiers and signers made with a keyring follow its ring at once; a cached verdict never outlives what it rests on. */
import { describe, expect, it } from 'vitest'
import { grounds } from '../../test/fleet-fixtures.ts'
import { forge, keyringBench, type KeyringBench } from '../../test/keyring-fixtures.ts'
import { freshSecret, hour, limits } from '../../test/ring-fixtures.ts'
import { emergency } from '../rotation/emergency.ts'
import { rollback } from '../rotation/rollback.ts'
import { rotate } from '../rotation/rotate.ts'
import { createSigner, createVerifier, type Signer, type Verifier } from '../token/index.ts'

interface Live extends KeyringBench {
  readonly verify: Verifier
  readonly sign: Signer
}

/** A verifier and a signer over a keyring, by its clock. */
async function live(options: { cache?: { entries: number }; issuer?: string } = {}): Promise<Live> {
  const made = await keyringBench()
  const now = (): number => made.clock.now() / 1000
  const verify = createVerifier({ keys: made.keyring, now, clockToleranceSeconds: 60, ...options })
  const sign = createSigner({ key: made.keyring, now, expiresIn: 900 })
  return { ...made, verify, sign }
}

const follow = async (made: Live, mode: 'graceful' | 'hard'): Promise<void> => {
  await rotate(made.context, { ...grounds, mode, noFleet: true })
  await made.live.reload()
}

describe.each([
  ['without a cache', {}],
  ['with a cache', { cache: { entries: 100 } }],
])('a verifier and a signer with a keyring, %s', (_, options) => {
  it('sign with the key that is active now, and verify with all that verify now', async () => {
    const made = await live(options)
    const first = made.sign({ sub: 'anna' })
    expect(made.verify(first).kid).toBe(made.keyring.activeKid)
    await follow(made, 'graceful')
    const second = made.sign({ sub: 'anna' })
    expect(made.verify(second).kid).toBe(made.keyring.activeKid)
    expect(made.verify(first).kid).not.toBe(made.keyring.activeKid)
  })

  it('refuse the old key after a hard rotation, and take it again after a rollback', async () => {
    const made = await live(options)
    const token = made.sign({ sub: 'anna' })
    expect(made.verify.result(token).ok).toBe(true)
    await follow(made, 'hard')
    expect(made.verify.result(token)).toEqual({ ok: false, code: 'ERR_KEY_SUSPENDED' })
    await rollback(made.context, { ...grounds, noFleet: true })
    await made.live.reload()
    expect(made.verify.result(token).ok).toBe(true)
  })

  it('refuse a compromised key', async () => {
    const made = await live(options)
    const token = made.sign({ sub: 'anna' })
    expect(made.verify.result(token).ok).toBe(true)
    await emergency(made.context, { ...grounds, timeout: 0 })
    await made.live.reload()
    expect(made.verify.result(token)).toEqual({ ok: false, code: 'ERR_KEY_COMPROMISED' })
    expect(made.events).toContainEqual([
      'security.violation',
      expect.objectContaining({ code: 'ERR_KEY_COMPROMISED' }),
    ])
  })

  it('refuse a retiring key from the second of its verifyUntil on', async () => {
    const made = await live(options)
    const old = (await made.ring()).secrets.get(made.keyring.activeKid)
    const kid = made.keyring.activeKid
    await follow(made, 'graceful')
    const { verifyUntil = 0 } = made.keyring.keys.find(key => key.kid === kid) ?? {}
    const seconds = made.clock.now() / 1000
    const token = forge(old ?? freshSecret().secret, { exp: verifyUntil + hour, iat: seconds }, { kid })
    expect(made.verify(token).kid).toBe(kid)
    while (made.clock.now() < verifyUntil * 1000) {
      made.clock.advance(Math.min(60_000, verifyUntil * 1000 - made.clock.now()))
      await made.live.reload()
    }
    expect(made.verify.result(token)).toEqual({ ok: false, code: 'ERR_KEY_RETIRED' })
  })

  it('refuse a token at its exp', async () => {
    const made = await live(options)
    const token = made.sign({ sub: 'anna' })
    expect(made.verify.result(token).ok).toBe(true)
    made.clock.advance(960_000)
    await made.live.reload()
    expect(made.verify.result(token)).toEqual({ ok: false, code: 'ERR_TOKEN_EXPIRED' })
  })

  it('do neither while the ring is stale', async () => {
    const made = await live(options)
    const token = made.sign({ sub: 'anna' })
    expect(made.verify.result(token).ok).toBe(true)
    made.tampered.isDown = true
    made.clock.advance(limits.maxStale * 1000 + 1)
    await made.live.reload()
    const stale = expect.objectContaining({ code: 'ERR_RING_STALE', status: 503, retryAfter: 2 })
    expect(() => made.verify(token)).toThrow(stale)
    expect(() => made.sign({ sub: 'anna' })).toThrow(stale)
  })

  it('cannot know a kid that is newer than the ring, and refuse one that is not', async () => {
    const made = await live(options)
    const { secret } = freshSecret()
    const seconds = Math.floor(made.clock.now() / 1000)
    const news = forge(secret, { iat: seconds, exp: seconds + 900 }, { kid: 'new' })
    const old = forge(secret, { iat: seconds - 120, exp: seconds + 900 }, { kid: 'new' })
    expect(made.verify.result(news)).toEqual({ ok: false, code: 'ERR_KEY_UNKNOWN' })
    expect(made.verify.result(old)).toEqual({ ok: false, code: 'ERR_KEY_NOT_FOUND' })
  })

  it('are counted with the keyring', async () => {
    const made = await live(options)
    const kid = made.keyring.activeKid
    const token = made.sign({ sub: 'anna' })
    for (let times = 0; times < 3; times++) made.verify(token)
    const forged = `${token.slice(0, -2)}${token.endsWith('AA') ? 'BA' : 'AA'}`
    expect(made.verify.result(forged).ok).toBe(false)
    expect(() => made.sign({ sub: 7 })).toThrow(expect.objectContaining({ code: 'ERR_SIGN_CLAIM' }))
    expect(made.keyring.counters()).toMatchObject({
      verified: { [kid]: 3 },
      signed: { [kid]: 1 },
      rejected: { ERR_TOKEN_SIGNATURE: 1 },
    })
  })
})

describe('a signer with a keyring', () => {
  it('keeps to the longest life of the ring, and needs a life', async () => {
    const made = await keyringBench()
    const now = (): number => made.clock.now() / 1000
    const tooLong = expect.objectContaining({ code: 'ERR_SIGN_LIFETIME' })
    const sign = createSigner({ key: made.keyring, now })
    expect(() => sign({}, { expiresIn: limits.maxTokenLife + 1 })).toThrow(tooLong)
    expect(() => sign({})).toThrow(tooLong)
    expect(() => sign({ exp: Math.floor(now()) + limits.maxTokenLife + 1 })).toThrow(tooLong)
    expect(made.keyring.verify(sign({}, { expiresIn: limits.maxTokenLife })).kid).toBe(made.keyring.activeKid)
  })
})

describe('a keyring with a cache', () => {
  const cached = (): Promise<KeyringBench> => keyringBench({ checks: { cache: { entries: 100 } } })

  it('answers a token it knows with the same payload, which nobody can change', async () => {
    const { keyring } = await cached()
    const token = keyring.sign({ sub: 'anna', roles: ['agent'] }, { expiresIn: 900 })
    const { payload } = await keyring.authenticate(token)
    expect((await keyring.authenticate(token)).payload).toBe(payload)
    expect(keyring.verify(token).payload).toBe(payload)
    expect(() => (payload['roles'] as string[]).push('admin')).toThrow(TypeError)
  })

  it('forgets it with its key and with its exp', async () => {
    const made = await cached()
    const token = made.keyring.sign({ sub: 'anna' }, { expiresIn: 900 })
    await made.keyring.authenticate(token)
    made.clock.advance(900_000)
    await expect(made.keyring.authenticate(token)).rejects.toMatchObject({ code: 'ERR_TOKEN_EXPIRED' })
    const second = made.keyring.sign({ sub: 'anna' }, { expiresIn: 900 })
    await made.keyring.authenticate(second)
    await emergency(made.context, { ...grounds, timeout: 0 })
    await made.live.reload()
    await expect(made.keyring.authenticate(second)).rejects.toMatchObject({ code: 'ERR_KEY_COMPROMISED' })
  })

  it('is refused when its size is none', async () => {
    for (const cache of [true, {}, { entries: 0 }, { entries: 2.5 }, { entries: '9' }])
      await expect(keyringBench({ checks: { cache: cache as never } })).rejects.toMatchObject({
        code: 'ERR_CONFIG_INVALID',
      })
  })
})
