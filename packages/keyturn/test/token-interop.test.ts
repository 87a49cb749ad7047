/** jose and jsonwebtoken accept what we sign, and we accept what they sign. */
import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto'
import { createRequire } from 'node:module'
import fc from 'fast-check'
import { jwtVerify, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { forbiddenNames } from '../src/token/json.ts'
import { createSigner, createVerifier, type Algorithm } from '../src/token/index.ts'

interface JsonWebToken {
  sign(claims: object, key: KeyObject, options: object): string
  verify(token: string, key: KeyObject, options: object): unknown
}
const require = createRequire(import.meta.url)
const jsonwebtoken = require('jsonwebtoken') as JsonWebToken

const seconds = Math.floor(Date.now() / 1000)
const registered = ['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti']
const text = fc.string({ unit: 'binary' })

/** Claims within our bounds: any JSON below, registered claims of the right types above. */
const claims = fc
  .record(
    {
      rest: fc.dictionary(
        text.filter(name => !registered.includes(name)),
        fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' }),
        { maxKeys: 12 },
      ),
      iss: text,
      sub: text,
      jti: text,
      aud: fc.oneof(text, fc.array(text, { maxLength: 4 })),
      nbf: fc.integer({ min: 0, max: seconds }),
      exp: fc.integer({ min: seconds + 600, max: seconds + 900_000 }),
      iat: fc.integer({ min: seconds - 900_000, max: seconds }),
    },
    { requiredKeys: ['rest', 'exp', 'iat'] },
  )
  .map(({ rest, ...known }): Record<string, unknown> => ({ ...rest, ...known }))
  .filter(value => !hasForbiddenName(value))

function hasForbiddenName(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([name, each]) => forbiddenNames.has(name) || hasForbiddenName(each))
}

const secret = fc
  .constantFrom<[Algorithm, number][]>(
    ['HS256', 32],
    ['HS256', 64],
    ['HS384', 48],
    ['HS512', 64],
    ['HS512', 200],
  )
  .map(([alg, size]) => ({ alg, secret: randomBytes(size) }))
const kidOf = (unit: 'binary' | 'binary-ascii'): fc.Arbitrary<string | undefined> =>
  fc.option(fc.string({ unit, minLength: 1, maxLength: 40 }), { nil: undefined })
const kid = kidOf('binary')

/** What JSON makes of it: -0 becomes 0. */
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
const runs = { numRuns: 400 }

describe('jose', () => {
  it('accepts what we sign', async () => {
    await fc.assert(
      fc.asyncProperty(claims, secret, kid, async (payload, key, name) => {
        const token = createSigner({ key: { ...key, kid: name } })(payload)
        const verified = await jwtVerify(token, key.secret, { algorithms: [key.alg] })
        expect(verified.payload).toEqual(asJson(payload))
        expect(verified.protectedHeader.kid).toBe(name)
      }),
      runs,
    )
  })

  it('signs what we accept', async () => {
    await fc.assert(
      fc.asyncProperty(claims, secret, kid, async (payload, key, name) => {
        const token = await new SignJWT(payload)
          .setProtectedHeader({ alg: key.alg, ...(name !== undefined && { kid: name }) })
          .sign(key.secret)
        const verified = createVerifier({ keys: [{ ...key, kid: name }] })(token)
        expect(verified.payload).toEqual(asJson(payload))
        expect(verified.kid).toBe(name)
      }),
      runs,
    )
  })
})

describe('jsonwebtoken', () => {
  it('accepts what we sign', () => {
    fc.assert(
      fc.property(claims, secret, kid, (payload, key, name) => {
        const token = createSigner({ key: { ...key, kid: name } })(payload)
        const verified = jsonwebtoken.verify(token, createSecretKey(key.secret), { algorithms: [key.alg] })
        expect(verified).toEqual(asJson(payload))
      }),
      runs,
    )
  })

  it('signs what we accept', () => {
    fc.assert(
      // It writes headers in Latin-1, which RFC 7515 §3 does not allow: beyond ASCII they are refused.
      fc.property(claims, secret, kidOf('binary-ascii'), (payload, key, name) => {
        // It fails on claims that are named like members of Object.prototype.
        fc.pre(Object.keys(payload).every(name => !(name in {})))
        const options = { algorithm: key.alg, ...(name !== undefined && { keyid: name }) }
        const token = jsonwebtoken.sign(payload, createSecretKey(key.secret), options)
        expect(createVerifier({ keys: [{ ...key, kid: name }] })(token).payload).toEqual(asJson(payload))
      }),
      runs,
    )
  })
})
