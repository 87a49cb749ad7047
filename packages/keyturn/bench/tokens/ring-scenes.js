/** Scenes with several keys: found by kid, rings of several sizes, tokens without kid. */
// @ts-check
import * as libraries from './libraries.js'
import { verifying } from './rounds.js'
import * as samples from './sample-tokens.js'
import { asLong, faster } from './scene.js'

/** @typedef {import('./scene.js').Scene} Scene */

const keys = samples.makeKeys(32)
const three = keys.slice(0, 3)

/** @returns {Scene} */
export function ring() {
  const tokens = samples.goodTokens(three)
  return {
    contestants: [
      verifying('keyturn', tokens, libraries.keyturn(three).verify),
      verifying('fast-jwt, key callback', tokens, libraries.fastJwtKeyCallback(three)),
    ],
    rows: [faster('verify, 3 keys with kid', { other: 'fast-jwt, key callback', gate: 3.4 })],
  }
}

/** @returns {Scene} */
export function ringSize() {
  const sizes = [1, 3, 10, 32]
  return {
    contestants: sizes.map(size => {
      const some = keys.slice(0, size)
      return verifying(`ring of ${size}`, samples.goodTokens(some), libraries.keyturn(some).verify)
    }),
    rows: sizes.slice(1).map(size =>
      asLong(`verify, ${size} keys with kid`, {
        ours: `ring of ${size}`,
        other: 'ring of 1',
        against: 'keyturn, 1 key',
        gate: 1.1,
      }),
    ),
  }
}

/** @returns {Scene} */
export function noKid() {
  const tokens = samples.tokensWithoutKid(three)
  return {
    contestants: [
      verifying('keyturn', tokens, libraries.keyturn(three).verify),
      verifying('fast-jwt, 3 verifiers', tokens, libraries.fastJwtLoop(three)),
    ],
    rows: [faster('verify, 3 keys, no kid', { other: 'fast-jwt, 3 verifiers', gate: 8 })],
  }
}
