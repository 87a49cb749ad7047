/** createSigner with createVerifier: what one signs, the other accepts. */
import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { encodeBase64url } from './base64url.ts'
import { createSigner } from './signer.ts'
import { createVerifier } from './verifier.ts'

const now = (): number => 1_000_000.5
const sizes = [
  ['HS256', 32],
  ['HS384', 48],
  ['HS512', 64],
] as const

describe('createSigner', () => {
  it.each(sizes)('signs %s tokens that the verifier accepts', (alg, size) => {
    for (const kid of ['key-1', undefined]) {
      const key = { kid, alg, secret: randomBytes(size) }
      const sign = createSigner({ key, issuer: 'i', audience: 'a', expiresIn: '15m', now })
      const verify = createVerifier({
        keys: [key],
        issuer: 'i',
        audience: ['a'],
        now,
        maxLifetimeSeconds: 900,
      })
      const { header, payload, kid: signer } = verify(sign({ sub: 'user', deep: { list: [1, null] } }))
      expect(signer).toBe(kid)
      expect(header).toEqual({ alg, typ: 'JWT', ...(kid && { kid }) })
      expect(payload).toEqual({
        sub: 'user',
        deep: { list: [1, null] },
        iss: 'i',
        aud: 'a',
        iat: 1_000_000,
        exp: 1_000_900,
      })
    }
  })

  it('takes the machine clock and an oct JWK', () => {
    const jwk = { kty: 'oct', alg: 'HS256', kid: 'j', k: encodeBase64url(randomBytes(32)) }
    const token = createSigner({ key: jwk, expiresIn: 60 })({})
    expect(createVerifier({ keys: [jwk] })(token).kid).toBe('j')
  })

  it('lets one call choose another life', () => {
    const key = { alg: 'HS256', secret: randomBytes(32) }
    const sign = createSigner({ key, expiresIn: '15m', now })
    const verify = createVerifier({ keys: [key], now })
    expect(verify(sign({}, { expiresIn: '1h' })).payload.exp).toBe(1_003_600)
    expect(verify(sign({}, {})).payload.exp).toBe(1_000_900)
  })

  it('refuses a life that is not a positive duration, when made and when called', () => {
    const key = { alg: 'HS256', secret: randomBytes(32) }
    const refused = expect.objectContaining({ name: 'KeyturnError', code: 'ERR_SIGN_LIFETIME' })
    expect(() => createSigner({ key, expiresIn: 0 })).toThrow(refused)
    expect(() => createSigner({ key, expiresIn: 'soon' })).toThrow(refused)
    expect(() => createSigner({ key })({}, { expiresIn: -1 })).toThrow(refused)
  })

  it('refuses a key that is short or for something else', () => {
    expect(() => createSigner({ key: { alg: 'HS512', secret: randomBytes(63) } })).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG_SECRET_WEAK' }),
    )
    const jwk = { kty: 'oct', alg: 'HS256', k: encodeBase64url(randomBytes(32)), key_ops: ['verify'] }
    expect(() => createSigner({ key: jwk })).toThrow(expect.objectContaining({ code: 'ERR_CONFIG_INVALID' }))
  })
})
