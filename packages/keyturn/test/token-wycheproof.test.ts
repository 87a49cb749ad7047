/** Wycheproof: JWS, JWK and HMAC cases. */
import { describe, expect, it } from 'vitest'
import { KeyturnError } from '../src/errors.ts'
import { compactVerify, type KeySet, type OctJwk } from '../src/token/index.ts'
import { encodeBase64url } from '../src/token/base64url.ts'
import { HmacKey } from '../src/token/hmac.ts'
import { loadText } from '../src/token/signing-buffer.ts'
import { readVector } from './token-vectors.ts'

type Result = 'valid' | 'invalid'
interface Case {
  readonly tcId: number
  readonly comment: string
  readonly result: Result
  /** A string, or the object of a JSON serialisation. */
  readonly jws?: unknown
  readonly jwe?: unknown
}
type Keys = OctJwk | { readonly keys: readonly OctJwk[] }
interface Group {
  readonly private?: Keys
  readonly public?: Keys
  readonly tests: readonly Case[]
}
interface Flat extends Case {
  readonly keys: readonly OctJwk[]
}

/** Every case with its keys. */
function casesOf(name: string): Flat[] {
  const { testGroups } = readVector<{ testGroups: Group[] }>(`wycheproof/${name}`)
  return testGroups.flatMap(group => {
    const given = (group.private ?? group.public) as Keys
    const keys = 'keys' in given ? (given.keys as readonly OctJwk[]) : [given]
    return group.tests.map(test => ({ ...test, keys }))
  })
}

const hasOct = ({ keys }: Flat): boolean => keys.some(key => key.kty === 'oct')
const compactOf = (test: Case): string => (test.jws ?? test.jwe) as string

/** Our verdict. A refusal is one of our errors: of the token, or of a key when the set is made. */
function verdict(token: string, keys: readonly OctJwk[] | KeySet): Result {
  try {
    compactVerify(token, keys)
    return 'valid'
  } catch (error) {
    if (error instanceof KeyturnError) return 'invalid'
    throw error
  }
}

/** A key set that answers to every kid with one HMAC key. */
function alwaysWith(alg: 'HS256' | 'HS384' | 'HS512'): KeySet {
  const named = { kid: undefined, key: new HmacKey(alg, Buffer.from('k'.repeat(64))) }
  return { find: () => named, candidates: () => [named] }
}

describe('json_web_signature_test', () => {
  const cases = casesOf('json_web_signature_test.json')
  const symmetric = cases.filter(hasOct)
  const disagreed = symmetric.filter(test => verdict(compactOf(test), test.keys) !== test.result)

  it('has 40 symmetric cases, and 36 are as labelled', () => {
    expect(symmetric).toHaveLength(40)
    expect(disagreed.map(({ tcId }) => tcId)).toEqual([367, 370, 372, 373])
  })

  it('accepts tcId 367 and 370: they are tcId 357, which is labelled valid, byte for byte', () => {
    const [valid, ...twins] = [357, 367, 370].map(id => symmetric.find(({ tcId }) => tcId === id))
    for (const twin of twins) {
      expect([twin?.jws, twin?.keys]).toEqual([valid?.jws, valid?.keys])
      expect(twin?.result).toBe('invalid')
    }
    expect(verdict(compactOf(valid!), valid!.keys)).toBe('valid')
  })

  it('refuses tcId 372 and 373: a ? stands inside the base64url, which RFC 7515 §5.2 forbids', () => {
    for (const [id, code] of [
      [372, 'ERR_TOKEN_HEADER'],
      [373, 'ERR_TOKEN_SIGNATURE'],
    ] as const) {
      const test = symmetric.find(({ tcId }) => tcId === id)!
      expect(test).toMatchObject({ result: 'valid', jws: expect.stringContaining('?') })
      expect(() => compactVerify(compactOf(test), test.keys)).toThrow(expect.objectContaining({ code }))
    }
  })

  it('refuses each of the 361 asymmetric cases with an HMAC key', () => {
    const asymmetric = cases.filter(test => !hasOct(test))
    expect(asymmetric).toHaveLength(361)
    for (const test of asymmetric)
      for (const alg of ['HS256', 'HS384', 'HS512'] as const)
        expect(verdict(compactOf(test), alwaysWith(alg))).toBe('invalid')
  })

  it('refuses the keys of the asymmetric cases when a key set is made', () => {
    for (const test of cases.filter(each => !hasOct(each)))
      expect(() => compactVerify(compactOf(test), test.keys)).toThrow(
        expect.objectContaining({ name: 'ConfigError', code: 'ERR_CONFIG_INVALID' }),
      )
  })
})

describe.each([
  ['json_web_key_test.json', 26, 15],
  ['json_web_crypto_test.json', 83, 37],
])('%s', (name, total, withOct) => {
  const cases = casesOf(name)
  const symmetric = cases.filter(hasOct)

  it(`has ${total} cases, ${withOct} of them with symmetric keys`, () => {
    expect([cases.length, symmetric.length]).toEqual([total, withOct])
  })

  it('gives the symmetric JWS the verdict of the label', () => {
    const wrong = symmetric
      .filter(({ jws }) => jws !== undefined)
      .filter(test => verdict(compactOf(test), test.keys) !== test.result)
    expect(wrong).toEqual([])
  })

  it('refuses every JWE and every asymmetric JWS', () => {
    for (const test of cases.filter(each => each.jws === undefined || !hasOct(each)))
      expect(verdict(compactOf(test), alwaysWith('HS256'))).toBe('invalid')
  })
})

/** Whether a tag behind a dot would be taken for the MAC of nothing. */
function isTag(key: HmacKey, tag: Uint8Array): boolean {
  const text = encodeBase64url(tag)
  loadText(`.${text}`)
  return key.verifiesLoaded(0, 1 + text.length)
}

interface MacGroup {
  readonly keySize: number
  readonly tagSize: number
  readonly tests: readonly { tcId: number; key: string; msg: string; tag: string; result: Result }[]
}

describe.each([
  ['hmac_sha256_test.json', 'HS256', 256],
  ['hmac_sha384_test.json', 'HS384', 384],
  ['hmac_sha512_test.json', 'HS512', 512],
] as const)('%s', (name, alg, hashBits) => {
  const { testGroups } = readVector<{ testGroups: MacGroup[] }>(`wycheproof/${name}`)

  it('gives 174 of 174 the verdict of the label, with tags cut to their size', () => {
    const verdicts = testGroups.flatMap(({ tagSize, tests }) =>
      tests.map(({ key, msg, tag, result }) => {
        const made = new HmacKey(alg, Buffer.from(key, 'hex'), { legacy: true }).macOf(
          Buffer.from(msg, 'hex'),
        )
        const mac = Buffer.from(made, 'base64url')
        const fits = mac.subarray(0, tagSize / 8).toString('hex') === tag
        return fits === (result === 'valid')
      }),
    )
    expect(verdicts).toHaveLength(174)
    expect(verdicts).not.toContain(false)
  })

  it('never accepts a tag that is cut, and makes no key that is shorter than the hash', () => {
    for (const { keySize, tagSize, tests } of testGroups) {
      for (const { key, tag } of tests) {
        const bytes = Buffer.from(key, 'hex')
        if (keySize < hashBits) expect(() => new HmacKey(alg, bytes)).toThrow(KeyturnError)
        else if (tagSize < hashBits)
          expect(isTag(new HmacKey(alg, bytes), Buffer.from(tag, 'hex'))).toBe(false)
      }
    }
  })
})
