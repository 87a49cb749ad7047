/** The libraries whose answers are promises, with a CryptoKey that is imported once. */
// @ts-check
import { subtle } from 'node:crypto'
import * as hono from 'hono/jwt'
import * as jose from 'jose'
import { life, now } from './libraries.js'

/** @typedef {import('./libraries.js').Payload} Payload */
/** @typedef {import('./sample-tokens.js').Key} Key */
/** @typedef {import('./sample-tokens.js').Claims} Claims */
/** @typedef {(token: string) => Promise<Payload>} Verify rejects when it refuses */
/** @typedef {(claims: Claims) => Promise<string>} Sign */

/** @param {Key} key */
const cryptoKey = ({ secret }) =>
  subtle.importKey('raw', Buffer.from(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify'])

/** @param {Key} key */
export async function joseTokens(key) {
  const ready = await cryptoKey(key)
  const options = { algorithms: ['HS256'] }
  const header = { alg: 'HS256', typ: 'JWT', kid: key.kid }
  return {
    /** @type {Verify} */
    verify: async token => /** @type {Payload} */ ((await jose.jwtVerify(token, ready, options)).payload),
    /** @type {Sign} */
    sign: claims =>
      new jose.SignJWT(claims)
        .setProtectedHeader(header)
        .setIssuedAt()
        .setExpirationTime(now() + life)
        .sign(ready),
  }
}

/** @param {Key} key */
export async function honoTokens(key) {
  const ready = await cryptoKey(key)
  return {
    /** @type {Verify} */
    verify: async token => /** @type {Payload} */ (await hono.verify(token, ready, 'HS256')),
    /** @type {Sign} */
    sign: claims => {
      const iat = now()
      return hono.sign({ iat, exp: iat + life, ...claims }, ready, 'HS256')
    },
  }
}
