/** A batch of mutants: six keys, 18 tokens that two verifiers accepted, and mutants that both must refuse. */
// @ts-check
import { createSigner, createVerifier } from 'keyturn/token'
import { draw } from './draw.js'
import { countMutants, describeMutant, mutantOf } from './mutate.js'

const now = () => 1_700_000_000
const issuer = 'https://api.example'

/** A mutant has a wrong signature at the latest. Any other code means that something unsigned was read. */
const codes = new Set([
  'ERR_TOKEN_TOO_LARGE',
  'ERR_TOKEN_MALFORMED',
  'ERR_TOKEN_HEADER',
  'ERR_KEY_NOT_FOUND',
  'ERR_TOKEN_ALGORITHM',
  'ERR_TOKEN_SIGNATURE',
])

/**
 * The same arguments give the same keys, tokens and mutants.
 * @param {string} seed
 * @param {number} number of the batch
 * @param {number} perToken how many mutants of each token, at most
 * @returns {{ tokens: number, tried: number, faults: string[] }} each fault with the mutant's position
 */
export function tryBatch(seed, number, perToken) {
  const random = draw(`${seed}/${number}`)
  const keys = ringOf(random)
  const tokens = keys.flatMap(key => {
    const sign = createSigner({ key, issuer, now, expiresIn: '1h' })
    return claimsOf(random).map(claims => sign(claims))
  })
  const verifiers = {
    plain: createVerifier({ keys, issuer, now }),
    cached: createVerifier({ keys, issuer, now, cache: { entries: 1000 } }),
  }
  /** @type {string[]} */
  const faults = []
  let tried = 0
  for (const [index, token] of tokens.entries()) {
    for (const mutation of numbersOf(random, countMutants(token), perToken)) {
      const mutant = mutantOf(token, mutation)
      if (mutant === undefined) continue
      tried += 1
      for (const [name, verify] of Object.entries(verifiers)) {
        const fault = faultOf(verify, mutant, mutation % 50 === 0)
        if (fault === undefined) continue
        const position = `seed ${seed}, batch ${number}, token ${index}, mutant ${mutation}`
        faults.push(`${position}: ${describeMutant(token, mutation)}: ${name} verifier: ${fault}`)
      }
    }
    for (const [name, verify] of Object.entries(verifiers))
      if (!verify.result(token).ok)
        faults.push(`batch ${number}, token ${index}: ${name} verifier refuses it`)
  }
  return { tokens: tokens.length, tried, faults }
}

/**
 * @param {import('keyturn/token').Verifier} verify
 * @param {string} mutant
 * @param {boolean} throwing whether to ask for an error as well
 * @returns {string | undefined}
 */
function faultOf(verify, mutant, throwing) {
  try {
    const result = verify.result(mutant)
    if (result.ok) return 'accepted'
    if (!codes.has(result.code)) return result.code
    return throwing && thrownBy(verify, mutant) !== result.code ? 'another code when it throws' : undefined
  } catch (error) {
    return `result threw ${error}`
  }
}

/**
 * @param {import('keyturn/token').Verifier} verify
 * @param {string} mutant
 */
function thrownBy(verify, mutant) {
  try {
    verify(mutant)
    return undefined
  } catch (error) {
    return /** @type {{ code?: unknown }} */ (error).code
  }
}

/** @param {ReturnType<typeof draw>} random */
function ringOf(random) {
  const kid = random.bytes(6).toString('base64url')
  return [
    { alg: 'HS256', secret: random.bytes(32), kid },
    { alg: 'HS384', secret: random.bytes(48), kid: `${kid}/é😀"` },
    { alg: 'HS512', secret: random.bytes(64), kid: `k${random.below(10)}` },
    { alg: 'HS256', secret: random.bytes(65) },
    { alg: 'HS384', secret: random.bytes(129) },
    { alg: 'HS512', secret: random.bytes(200) },
  ]
}

/**
 * Small, beyond ASCII, and large.
 * @param {ReturnType<typeof draw>} random
 */
function claimsOf(random) {
  const sub = `user-${random.below(1e9)}`
  return [
    { sub, admin: false },
    {
      name: `Zoë ${String.fromCodePoint(0x4e00 + random.below(0x5000))} 😀 "\\`,
      scope: ['read', sub],
      level: -0.5,
    },
    {
      sub,
      data: random.bytes(500 + random.below(3_500)).toString('base64'),
      nested: { list: [1, [null, {}]] },
    },
  ]
}

/**
 * All numbers below the count, or so many of them, none twice.
 * @param {ReturnType<typeof draw>} random
 * @param {number} count
 * @param {number} limit
 * @returns {Generator<number>}
 */
function* numbersOf(random, count, limit) {
  const start = random.below(count)
  let step = 1 + random.below(count - 1)
  while (greatestDivisor(step, count) !== 1) step = (step % count) + 1
  for (let index = 0; index < Math.min(count, limit); index++) yield (start + index * step) % count
}

/**
 * @param {number} a
 * @param {number} b
 * @returns {number}
 */
function greatestDivisor(a, b) {
  return b === 0 ? a : greatestDivisor(b, a % b)
}
