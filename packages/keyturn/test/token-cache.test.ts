/** A verifier that remembers what it accepted says of every token what one without memory says. */
import { randomBytes } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { TokenError } from '../src/errors.ts'
import { createVerifier, type Verifier, type VerifierOptions, type VerifyResult } from '../src/token/index.ts'
import { claims, encode, forge, header, keys, macOf, now, payload } from './token-judgement.ts'
import { LiveTestKeys } from './token-live-keys.ts'
import { randomOf } from './token-random.ts'

const other = { alg: 'HS256', secret: 'another key of these tests '.repeat(2) }
const codeOf = (result: VerifyResult): string => (result.ok ? 'accepted' : result.code)
const remembering = (options: Partial<VerifierOptions> = {}): Verifier =>
  createVerifier({ keys, now: () => now, cache: { entries: 100 }, ...options })

/** A verifier that has accepted the token three times. */
function verifierOf(token: string, options: Partial<VerifierOptions>): Verifier {
  const verify = remembering(options)
  for (let count = 0; count < 3; count++) expect(codeOf(verify.result(token))).toBe('accepted')
  return verify
}

describe('a remembered verdict ends with its key', () => {
  const token = forge(header, payload)
  const codeAfter = (change: (live: LiveTestKeys) => void): string => {
    const live = new LiveTestKeys(keys)
    const verify = verifierOf(token, { keys: live })
    change(live)
    const code = codeOf(verify.result(token))
    if (code !== 'accepted') expect(() => verify(token)).toThrow(expect.objectContaining({ code }))
    live.become(keys)
    expect(codeOf(verify.result(token))).toBe('accepted')
    return code
  }

  it('when the key is gone', () => {
    expect(codeAfter(live => live.become(keys.slice(1)))).toBe('ERR_KEY_NOT_FOUND')
  })

  it('when another key has its kid', () => {
    expect(codeAfter(live => live.become([{ ...other, kid: 'a' }]))).toBe('ERR_TOKEN_SIGNATURE')
    expect(codeAfter(live => live.become([{ ...keys[0], alg: 'HS384' }]))).toBe('ERR_TOKEN_ALGORITHM')
  })

  it('when the key has another kid', () => {
    expect(codeAfter(live => live.become([{ ...keys[0], kid: 'z' }]))).toBe('ERR_KEY_NOT_FOUND')
  })

  it('when the key set refuses it', () => {
    const refuse = (): never => {
      throw new TokenError('ERR_KEY_RETIRED')
    }
    expect(codeAfter(live => live.answer(refuse))).toBe('ERR_KEY_RETIRED')
    expect(codeAfter(live => live.answer(() => undefined))).toBe('ERR_KEY_NOT_FOUND')
  })

  it('and not before', () => {
    expect(codeAfter(live => live.become([...keys].reverse()))).toBe('accepted')
    expect(codeAfter(live => live.become([keys[0]]))).toBe('accepted')
  })

  it('when the token names no key, too', () => {
    const live = new LiveTestKeys([other, ...keys])
    const bare = forge('{"alg":"HS256"}', payload)
    const verify = verifierOf(bare, { keys: live })
    const codes = [[other, ...keys.slice(1)], keys.slice(1), [keys[0], other], keys].map(inputs => {
      live.become(inputs)
      return codeOf(verify.result(bare))
    })
    expect(codes).toEqual(['ERR_TOKEN_SIGNATURE', 'ERR_TOKEN_ALGORITHM', 'accepted', 'accepted'])
    live.become([{ ...keys[0], kid: 'renamed' }])
    expect(verify(bare).kid).toBe('renamed')
  })
})

describe('a remembered verdict ends with its time', () => {
  it.each<[string, object, number, string]>([
    ['exp', { exp: now + 60 }, now + 60, 'ERR_TOKEN_EXPIRED'],
    ['exp, by a fraction', { exp: now + 60 }, now + 60.001, 'ERR_TOKEN_EXPIRED'],
    ['nbf, when the clock is set back', { exp: now + 60, nbf: now }, now - 1, 'ERR_TOKEN_NOT_YET_VALID'],
    ['iat, when the clock is set back', { exp: now + 60, iat: now }, now - 1, 'ERR_TOKEN_ISSUED_IN_FUTURE'],
    ['the age', { exp: now + 600, iat: now - 50 }, now + 51, 'ERR_TOKEN_AGE'],
    ['a clock that shows nothing', { exp: now + 60, iat: now - 50 }, NaN, 'ERR_TOKEN_EXPIRED'],
  ])('%s', (name, given, later, code) => {
    let time = now
    const token = forge(header, JSON.stringify(given))
    const options = { now: () => time, ...(name === 'the age' && { maxAgeSeconds: 100 }) }
    const verify = verifierOf(token, options)
    time = later
    expect(codeOf(verify.result(token))).toBe(code)
    expect(() => verify(token)).toThrow(expect.objectContaining({ code }))
    time = now
    expect(codeOf(verify.result(token))).toBe('accepted')
  })

  it('with the tolerance', () => {
    let time = now
    const token = forge(header, JSON.stringify({ exp: now + 60, nbf: now }))
    const verify = verifierOf(token, { now: () => time, clockToleranceSeconds: 10 })
    const codes = [now + 69, now + 70, now - 10, now - 11, now].map(moment => {
      time = moment
      return codeOf(verify.result(token))
    })
    expect(codes).toEqual([
      'accepted',
      'ERR_TOKEN_EXPIRED',
      'accepted',
      'ERR_TOKEN_NOT_YET_VALID',
      'accepted',
    ])
  })
})

describe('the memory', () => {
  it('keeps no refusal', () => {
    let time = now
    const live = new LiveTestKeys(keys.slice(1))
    const verify = remembering({ keys: live, now: () => time })
    const token = forge(header, JSON.stringify({ exp: now + 60, nbf: now + 10 }))
    const codes = [() => undefined, () => live.become(keys), () => (time = now + 10)].map(change => {
      change()
      return codeOf(verify.result(token))
    })
    expect(codes).toEqual(['ERR_KEY_NOT_FOUND', 'ERR_TOKEN_NOT_YET_VALID', 'accepted'])
  })

  it('belongs to one verifier', () => {
    const token = forge(header, payload)
    const strangers: [Partial<VerifierOptions>, string][] = [
      [{ issuer: 'https://other.example' }, 'ERR_TOKEN_ISSUER'],
      [{ audience: 'app' }, 'ERR_TOKEN_AUDIENCE'],
      [{ subject: 'user-2' }, 'ERR_TOKEN_SUBJECT'],
      [{ maxTokenBytes: 100 }, 'ERR_TOKEN_TOO_LARGE'],
      [{ maxLifetimeSeconds: 10 }, 'ERR_TOKEN_LIFETIME'],
      [{ keys: [{ ...other, kid: 'a' }] }, 'ERR_TOKEN_SIGNATURE'],
    ]
    const verify = verifierOf(token, { issuer: claims.iss, audience: 'web', subject: claims.sub })
    for (const [options, code] of strangers) {
      const stranger = remembering(options)
      for (let count = 0; count < 3; count++) expect(codeOf(stranger.result(token))).toBe(code)
      expect(codeOf(verify.result(token))).toBe('accepted')
    }
  })

  it('knows a token by all of it, and not by its signature', () => {
    for (const key of keys) {
      const head = JSON.stringify({ alg: key.alg, typ: 'JWT', kid: key.kid })
      const token = forge(head, payload, key)
      const verify = verifierOf(token, {})
      const [first = '', second = '', mac = ''] = token.split('.')
      const admin = encode(JSON.stringify({ ...claims, sub: 'admin' }))
      const elsewhere = macOf('other', { alg: 'HS512', secret: 'x' }).toString('base64url')
      const others: [string, string][] = [
        [`${first}.${admin}.${mac}`, 'ERR_TOKEN_SIGNATURE'],
        [`${encode(`${head} `)}.${second}.${mac}`, 'ERR_TOKEN_SIGNATURE'],
        [`${encode(JSON.stringify({ alg: key.alg }))}.${second}.${mac}`, 'ERR_TOKEN_SIGNATURE'],
        [`${first}.${admin}.${elsewhere.slice(0, mac.length - 43)}${mac.slice(-43)}`, 'ERR_TOKEN_SIGNATURE'],
        [`${first}.${second}.${mac.slice(-40)}`, 'ERR_TOKEN_SIGNATURE'],
        [`${first}.${second}A.${mac}`, 'ERR_TOKEN_SIGNATURE'],
        [`${first}.${second.slice(1)}.${mac}`, 'ERR_TOKEN_SIGNATURE'],
        [`.${second}.${mac}`, 'ERR_TOKEN_HEADER'],
        [`${token}.${mac}`, 'ERR_TOKEN_MALFORMED'],
        [mac, 'ERR_TOKEN_MALFORMED'],
        [mac.slice(-43), 'ERR_TOKEN_MALFORMED'],
        [` ${token}`, 'ERR_TOKEN_HEADER'],
        ['', 'ERR_TOKEN_MALFORMED'],
      ]
      for (const [text, code] of others)
        for (let count = 0; count < 2; count++)
          expect([text, codeOf(verify.result(text))]).toEqual([text, code])
      expect(codeOf(verify.result(token))).toBe('accepted')
    }
  })

  it('holds no more than its entries, and answers as before when it has forgotten', async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const verify = remembering({ cache: { entries: 64 } })
    const tokens = Array.from({ length: 3_000 }, (_, index) =>
      forge(header, JSON.stringify({ exp: now + 60, sub: `user-${index}` })),
    )
    const held = tokens.map(token => new WeakRef(verify(token).payload))
    await new Promise(resolve => setTimeout(resolve, 1))
    collect()
    expect(held.filter(payload => payload.deref() !== undefined).length).toBeLessThanOrEqual(64)
    for (const [index, token] of tokens.entries()) expect(verify(token).payload.sub).toBe(`user-${index}`)
  })

  it('changes nothing, whatever happens to keys, clock and tokens', () => {
    const seed = randomBytes(8).toString('hex')
    const random = randomOf(seed)
    const live = new LiveTestKeys(keys)
    let time = now
    const shared = { keys: live, now: () => time, maxAgeSeconds: 300 }
    const plain = createVerifier(shared)
    const caching = [1, 2, 5, 64].map(entries => remembering({ ...shared, cache: { entries } }))
    const heads = ['a', 'b', undefined].map(kid =>
      JSON.stringify({ alg: kid === 'b' ? 'HS384' : 'HS256', kid }),
    )
    const tokens = Array.from({ length: 40 }, (_, index) => {
      const times = {
        exp: now + random.below(200),
        iat: now - random.below(200),
        nbf: now - random.below(100),
      }
      return forge(
        heads[index % 3]!,
        JSON.stringify({ sub: `${index}`, ...times }),
        keys[index % 3 === 1 ? 1 : 0],
      )
    })
    let hits = 0
    for (let step = 0; step < 20_000; step++) {
      if (random.chance(50))
        live.become(random.one([keys, keys.slice(1), keys.slice(0, 1), [other, ...keys]]))
      if (random.chance(10)) time = now - 100 + random.below(300)
      const token = random.chance(4) ? random.one(tokens) : tokens[random.below(6)]!
      const expected = plain.result(token)
      if (expected.ok) hits++
      for (const verify of caching)
        if (JSON.stringify(verify.result(token)) !== JSON.stringify(expected))
          expect.fail(
            `seed ${seed}, step ${step}: ${JSON.stringify(verify.result(token))} for ${JSON.stringify(expected)}`,
          )
    }
    expect(hits).toBeGreaterThan(1_000)
  })
})
