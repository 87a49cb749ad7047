/** Scenes with other tokens than the usual: longer, of many shapes, with text beyond ASCII. Without gates: for the picture. */
// @ts-check
import * as libraries from './libraries.js'
import { verifying } from './rounds.js'
import * as samples from './sample-tokens.js'
import { faster } from './scene.js'

/** @typedef {import('./scene.js').Scene} Scene */

const [key] = samples.makeKeys(1)

/** @returns {Scene} */
export const sizes = () =>
  againstFastJwt(
    Object.fromEntries(
      [13, 43, 152].map(count => {
        const tokens = samples.goodTokens([key], () => ({ permissions: samples.permissions(count) }))
        return [`verify, ${samples.lengthOf(tokens)} characters`, tokens]
      }),
    ),
  )

/** @returns {Scene} */
export const shapes = () =>
  againstFastJwt({
    'verify, 16 sets of claims': samples.goodTokens([key], index => samples.optionalClaims(index % 16)),
    'verify, all sets different': samples.goodTokens([key], index => ({ [`claim${index}`]: index })),
    'verify, beyond ASCII': samples.goodTokens([key], () => ({ name: 'Jörg Müßig', city: 'Łódź' })),
  })

/** @param {Record<string, readonly string[]>} kinds tokens by title @returns {Scene} */
const againstFastJwt = kinds => ({
  contestants: Object.entries(kinds).flatMap(([title, tokens]) => [
    verifying(title, tokens, libraries.keyturn([key]).verify),
    verifying(`${title}, fast-jwt`, tokens, libraries.fastJwtSync(key).verify),
  ]),
  rows: Object.keys(kinds).map(title =>
    faster(title, { ours: title, other: `${title}, fast-jwt`, against: 'fast-jwt' }),
  ),
})
