/** The scene of the tokens that are refused: most of what an attacker sends. */
// @ts-check
import * as libraries from './libraries.js'
import { verifying } from './rounds.js'
import * as samples from './sample-tokens.js'
import { faster } from './scene.js'

const [key] = samples.makeKeys(1)

/** @type {Record<string, readonly string[]>} */
const kinds = {
  forged: samples.forgedTokens(key),
  expired: samples.expiredTokens(key),
  'alg none': samples.unsignedTokens(key),
  malformed: samples.malformedTokens(key),
}

/** @returns {import('./scene.js').Scene} */
export function refuse() {
  const ours = libraries.keyturn([key])
  const fastJwt = libraries.fastJwtSync(key)
  return {
    contestants: Object.entries(kinds).flatMap(([kind, tokens]) => [
      verifying(`${kind}, result`, tokens, token => !ours.result(token).ok),
      verifying(`${kind}, throw`, tokens, token => refuses(ours.verify, token)),
      verifying(`${kind}, fast-jwt`, tokens, token => refuses(fastJwt.verify, token)),
    ]),
    rows: Object.keys(kinds).flatMap(kind => {
      const gates = kind === 'forged' ? [{ gate: 20 }, { gate: 8 }] : [{}, {}]
      return ['result', 'throw'].map((way, index) =>
        faster(`refuse, ${kind}, ${way}`, {
          ours: `${kind}, ${way}`,
          other: `${kind}, fast-jwt`,
          against: 'fast-jwt',
          ...gates[index],
        }),
      )
    }),
  }
}

/** @param {(token: string) => unknown} verify @param {string} token */
function refuses(verify, token) {
  try {
    verify(token)
    return false
  } catch {
    return true
  }
}
