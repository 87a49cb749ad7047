/** The tokens that are timed: 1,024 of each kind, all different, signed here and not by a library under test. */
// @ts-check
import { createHmac, randomBytes, randomUUID } from 'node:crypto'

/** A power of two, so that a running index is cut to it with a mask. */
export const sampleSize = 1024

const prefix = 'Bearer '
export const prefixLength = prefix.length

/** @typedef {{ kid: string, alg: 'HS256', secret: string }} Key a secret of 64 characters, as text: every library takes that */
/** @typedef {Record<string, unknown>} Claims */

/** At least one. @param {number} count @returns {[Key, ...Key[]]} */
export function makeKeys(count) {
  const keys = Array.from({ length: count }, (_, index) => makeKey(index))
  return /** @type {[Key, ...Key[]]} */ (keys)
}

/** @param {number} index @returns {Key} */
const makeKey = index => ({
  kid: `2026-01-${String(index).padStart(2, '0')}-7c1d`,
  alg: 'HS256',
  secret: randomBytes(48).toString('base64url'),
})

/** What a program signs: the library adds the times. @returns {Claims} */
export const makeClaims = () => ({
  sub: randomUUID().slice(14),
  role: 'agent',
  iss: 'https://id.example',
  aud: 'immonow',
  jti: randomBytes(8).toString('base64url'),
})

/** The times of an access token that was issued a minute ago. */
export const freshTimes = () => {
  const iat = Math.floor(Date.now() / 1000) - 60
  return { iat, exp: iat + 86_400 }
}

/** A list of permissions, as many as make a token longer. @param {number} count */
export const permissions = count =>
  Array.from({ length: count }, () => `listing:${randomBytes(6).toString('hex')}`)

/** Four claims that are there or not: 16 sets. @param {number} bits @returns {Claims} */
export const optionalClaims = bits => ({
  ...(bits & 1 ? { nbf: 1 } : {}),
  ...(bits & 2 ? { scope: ['read', 'write'] } : {}),
  ...(bits & 4 ? { act: { sub: 'support' } } : {}),
  ...(bits & 8 ? { email: 'someone@example.com' } : {}),
})

/** @param {unknown} value bytes and text as they are, anything else as JSON */
const segment = value =>
  Buffer.from(
    value instanceof Uint8Array ? value : typeof value === 'string' ? value : JSON.stringify(value),
  ).toString('base64url')

/**
 * @param {Pick<Key, 'secret'>} key
 * @param {unknown} header
 * @param {unknown} payload
 */
export function signRaw(key, header, payload) {
  const input = `${segment(header)}.${segment(payload)}`
  return `${input}.${createHmac('sha256', key.secret).update(input).digest('base64url')}`
}

/** The header as all of the libraries write it. @param {Key} key */
export const headerOf = ({ kid, alg }) => ({ alg, typ: 'JWT', kid })

/** The same as the first segment of a token. @param {Key} key */
export const encodedHeaderOf = key => segment(headerOf(key))

/**
 * Tokens as they come in: each the end of a header's text. A slice is a string of its own, whose hash nobody has
 * computed yet; the same string object twice would let V8 find it in a Map for nothing.
 * @param {(index: number) => string} make
 * @returns {string[]} `Bearer TOKEN`, flat
 */
const bearers = make =>
  Array.from({ length: sampleSize }, (_, index) => Buffer.from(prefix + make(index)).toString('latin1'))

/**
 * @param {readonly Key[]} keys tokens are spread over them
 * @param {(index: number) => Claims} [more] claims beside the seven
 */
export const goodTokens = (keys, more = () => ({})) =>
  bearers(index => {
    const key = pick(keys, index)
    return signRaw(key, headerOf(key), { ...makeClaims(), ...more(index), ...freshTimes() })
  })

/** @param {readonly Key[]} keys */
export const tokensWithoutKid = keys =>
  bearers(index =>
    signRaw(pick(keys, index), { alg: 'HS256', typ: 'JWT' }, { ...makeClaims(), ...freshTimes() }),
  )

/** Good but for their signature: the kid is known, the MAC is another secret's. @param {Key} key */
export const forgedTokens = key => {
  const [other] = makeKeys(1)
  return bearers(() => signRaw(other, headerOf(key), { ...makeClaims(), ...freshTimes() }))
}

/** @param {Key} key */
export const expiredTokens = key =>
  bearers(() => signRaw(key, headerOf(key), { ...makeClaims(), ...freshTimes(), exp: freshTimes().iat }))

/** @param {Key} key */
export const unsignedTokens = key =>
  bearers(() => {
    const token = signRaw(key, { ...headerOf(key), alg: 'none' }, { ...makeClaims(), ...freshTimes() })
    return token.slice(0, token.lastIndexOf('.') + 1)
  })

/** Without a signature segment. @param {Key} key */
export const malformedTokens = key =>
  bearers(() => {
    const token = signRaw(key, headerOf(key), { ...makeClaims(), ...freshTimes() })
    return token.slice(0, token.lastIndexOf('.'))
  })

/** Characters of the first token. @param {readonly string[]} bearers */
export const lengthOf = bearers => (bearers[0] ?? '').length - prefixLength

/** @param {readonly Key[]} keys @param {number} index */
const pick = (keys, index) => /** @type {Key} */ (keys[index % keys.length])
