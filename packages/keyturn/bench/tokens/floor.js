/** What node:crypto and JSON cost by themselves: the parts of a token's life that no library can do without, in place, in one function. */
// @ts-check
import { hash, timingSafeEqual } from 'node:crypto'
import { encodedHeaderOf } from './sample-tokens.js'

/** @typedef {import('./sample-tokens.js').Key} Key */
/** @typedef {import('./sample-tokens.js').Claims} Claims */

/**
 * The methods behind `write` and `toString`, which only choose among them: 7 % of the floor of verifying.
 * @typedef {object} Raw
 * @property {(text: string, at: number) => number} utf8Write
 * @property {(text: string, at: number) => number} latin1Write
 * @property {(text: string, at: number) => number} base64urlWrite
 * @property {(from: number, to: number) => string} utf8Slice
 * @property {(from: number, to: number) => string} base64urlSlice
 */

const block = 64
const digest = 32
const macLength = 43
const longest = 8192

/** @param {number} size */
const room = size => /** @type {Buffer & Raw} */ (Buffer.alloc(size))

/**
 * HMAC as two hashes: room for a message behind one pad, room for a digest behind the other.
 * @param {Key} key whose secret is one block long, at most
 */
function pads({ secret }) {
  const inner = room(block + longest)
  const outer = room(block + digest)
  for (const [pad, filler] of /** @type {const} */ ([
    [inner, 0x36],
    [outer, 0x5c],
  ])) {
    pad.fill(filler, 0, block)
    for (const [index, byte] of Buffer.from(secret).entries()) pad[index] = filler ^ byte
  }
  // A view made for each token would cost as much as comparing the MAC.
  const views = Array.from({ length: longest + 1 }, (_, length) => inner.subarray(0, block + length))
  return {
    inner,
    views,
    /** Of the message behind the inner pad. @param {number} length */
    mac: length => {
      // binary is latin1 by its older name: one character for each byte.
      outer.latin1Write(hash('sha256', /** @type {Buffer} */ (views[length]), 'binary'), block)
      return hash('sha256', outer, 'base64url')
    },
  }
}

/**
 * Takes the header for granted, and looks at no claim but three times.
 * @param {Key} key
 * @returns {(token: string) => Claims}
 */
export function verifyFloor(key) {
  const { inner, views, mac } = pads(key)
  const headerLength = encodedHeaderOf(key).length
  const tails = views.map(view => view.subarray(Math.max(0, view.length - macLength)))
  const expected = room(macLength)
  const payload = room(longest)
  return token => {
    const length = inner.utf8Write(token, block)
    const end = length - macLength - 1
    expected.latin1Write(mac(end), 0)
    if (!timingSafeEqual(expected, /** @type {Buffer} */ (tails[length]))) throw new Error('signature')
    const size = payload.base64urlWrite(token.slice(headerLength + 1, end), 0)
    const claims = JSON.parse(payload.utf8Slice(0, size))
    const now = Date.now() / 1000
    if (now >= claims.exp || now < claims.iat || (claims.nbf !== undefined && now < claims.nbf))
      throw new Error('times')
    return claims
  }
}

/**
 * @param {Key} key
 * @param {number} life seconds
 * @returns {(claims: Claims) => string}
 */
export function signFloor(key, life) {
  const { inner, mac } = pads(key)
  const header = encodedHeaderOf(key)
  const payload = room(longest)
  const begin = block + inner.latin1Write(`${header}.`, block)
  return claims => {
    const iat = Math.floor(Date.now() / 1000)
    const size = payload.utf8Write(JSON.stringify({ iat, exp: iat + life, ...claims }), 0)
    const middle = payload.base64urlSlice(0, size)
    const length = inner.latin1Write(middle, begin)
    return `${header}.${middle}.${mac(begin - block + length)}`
  }
}
