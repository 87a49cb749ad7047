/** Claims to be signed: whatever passes, our own verifier accepts. */
import { describe, expect, it } from 'vitest'
import { runInNewContext } from 'node:vm'
import { Secret } from '../secret/secret.ts'
import { claimsText, parseLife, type SigningChecks } from './claims-text.ts'

const now = 1_000_000.75
interface Options extends Partial<SigningChecks> {
  readonly expiresIn?: unknown
  readonly now?: number
}

/** What is signed, as a verifier would see it. */
function prepare(claims: unknown, options: Options = {}): unknown {
  const { expiresIn, now: at = now, ...checks } = { expiresIn: 60, ...options }
  const life = expiresIn === undefined ? undefined : parseLife(expiresIn as string)
  return JSON.parse(claimsText(claims as Record<string, unknown>, { life, ...checks }, at))
}
const claimRefused = expect.objectContaining({ name: 'KeyturnError', code: 'ERR_SIGN_CLAIM' })
const lifeRefused = expect.objectContaining({ name: 'KeyturnError', code: 'ERR_SIGN_LIFETIME' })

describe('claimsText', () => {
  it('adds iat, exp, iss and aud', () => {
    expect(prepare({ sub: 'a' }, { issuer: 'i', audience: ['x', 'y'], expiresIn: '15m' })).toEqual({
      sub: 'a',
      iat: 1_000_000,
      exp: 1_000_900,
      iss: 'i',
      aud: ['x', 'y'],
    })
    expect(prepare({}, { expiresIn: undefined })).toEqual({ iat: 1_000_000 })
  })

  it('keeps an exp or an iat of the caller that make sense', () => {
    expect(prepare({ exp: 1_000_500 }, { expiresIn: undefined })).toMatchObject({ exp: 1_000_500 })
    expect(prepare({ iat: 999_990 })).toMatchObject({ iat: 999_990, exp: 1_000_050 })
    expect(prepare({ iat: undefined, exp: undefined })).toMatchObject({ iat: 1_000_000, exp: 1_000_060 })
  })

  it.each([0, -1, 1.5, NaN, Infinity, '', '0s', 'soon', '-5m', null, [], {}])(
    'refuses the life %j',
    expiresIn => {
      expect(() => prepare({}, { expiresIn })).toThrow(lifeRefused)
    },
  )

  it('refuses times that no verifier accepts', () => {
    expect(() => prepare({ exp: 1_000_500 })).toThrow(claimRefused)
    expect(() => prepare({ exp: 1_000_000 }, { expiresIn: undefined })).toThrow(claimRefused)
    expect(() => prepare({ iat: 1_000_002 })).toThrow(claimRefused)
    expect(() => prepare({ iat: 999_000 })).toThrow(claimRefused)
    expect(() => prepare({ nbf: 1_000_060 })).toThrow(claimRefused)
    expect(() => prepare({}, { now: NaN })).toThrow(claimRefused)
    for (const value of ['1000500', null, true, 2 ** 60, new Date()])
      for (const name of ['exp', 'nbf', 'iat'])
        expect(() => prepare({ [name]: value }, { expiresIn: undefined })).toThrow(claimRefused)
  })

  it('refuses registered claims of the wrong type', () => {
    for (const claims of [{ sub: 42 }, { iss: null }, { jti: [] }, { aud: 1 }, { aud: ['a', 1] }])
      expect(() => prepare(claims)).toThrow(claimRefused)
  })

  it('refuses an issuer or audience that contradicts the signer', () => {
    expect(() => prepare({ iss: 'other' }, { issuer: 'i' })).toThrow(claimRefused)
    expect(() => prepare({ aud: 'other' }, { audience: ['x', 'y'] })).toThrow(claimRefused)
    expect(prepare({ iss: 'i', aud: 'y' }, { issuer: 'i', audience: ['x', 'y'] })).toMatchObject({ aud: 'y' })
  })

  it('drops undefined members, at any depth', () => {
    expect(prepare({ a: undefined, b: { c: undefined, d: 1 } })).toEqual({
      b: { d: 1 },
      iat: 1_000_000,
      exp: 1_000_060,
    })
  })

  it.each<[string, unknown]>([
    ['a BigInt', 1n],
    ['NaN', NaN],
    ['Infinity', -Infinity],
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['a Date', new Date()],
    ['a Map', new Map()],
    ['bytes', Buffer.from('x')],
    ['a Secret', new Secret('k'.repeat(64))],
    ['a boxed string', Object('x')],
    ['an array with a hole', Array(1)],
    ['an array with undefined', [undefined]],
    ['an object with toJSON', { toJSON: () => ({}) }],
    ['an object that inherits', Object.create({ a: 1 })],
    ['9 levels', [[[[[[[[]]]]]]]]],
    ['65 members', Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`m${index}`, 1]))],
    ['an own __proto__', JSON.parse('{"__proto__":1}')],
    ['a constructor', { constructor: 1 }],
    ['a prototype', [{ prototype: null }]],
  ])('refuses %s', (_, value) => {
    expect(() => prepare({ value })).toThrow(claimRefused)
  })

  it('refuses an object that contains itself', () => {
    const circular: Record<string, unknown> = {}
    circular['self'] = circular
    expect(() => prepare(circular)).toThrow(claimRefused)
  })

  it('counts what it adds itself', () => {
    const claims = (count: number): object =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`m${index}`, 1]))
    expect(Object.keys(prepare(claims(62)) as object)).toHaveLength(64)
    expect(() => prepare(claims(63))).toThrow(claimRefused)
  })

  it('refuses claims that are no plain object', () => {
    for (const claims of [undefined, null, 'a', [], new Map(), new Date(), () => ({})])
      expect(() => prepare(claims)).toThrow(claimRefused)
    expect(prepare(Object.assign(Object.create(null), { a: 1 }))).toMatchObject({ a: 1 })
    expect(prepare(runInNewContext('({ a: { b: 1 } })'))).toMatchObject({ a: { b: 1 } })
  })

  it('reads a getter once', () => {
    let reads = 0
    const claims = {
      get role(): string {
        return `${++reads}`
      },
    }
    expect(prepare(claims)).toMatchObject({ role: '1' })
    expect(reads).toBe(1)
  })

  it('leaves the claims of the caller as they are', () => {
    const claims = Object.freeze({ sub: 'a', list: Object.freeze(['x']) })
    expect(prepare(claims)).not.toBe(claims)
    expect(claims).toEqual({ sub: 'a', list: ['x'] })
  })
})
