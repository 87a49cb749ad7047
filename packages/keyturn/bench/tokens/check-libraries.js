/** Before anything is timed: every library accepts what is good and refuses what is not. A fast answer that is wrong is no answer. */
// @ts-check
import { signFloor, verifyFloor } from './floor.js'
import * as libraries from './libraries.js'
import { honoTokens, joseTokens } from './promise-libraries.js'
import * as samples from './sample-tokens.js'

/** @typedef {(token: string) => unknown} Verify */

const keys = samples.makeKeys(3)
const [key] = keys
const [stranger] = samples.makeKeys(1)
const header = samples.headerOf(key)
const claims = { ...samples.makeClaims(), ...samples.freshTimes() }
const good = samples.signRaw(key, header, claims)
const signedByLast = keys
  .slice(-1)
  .map(last => samples.signRaw(last, samples.headerOf(last), claims))
  .join()

/** @type {Record<string, string>} */
const bad = {
  forged: samples.signRaw({ secret: stranger.secret }, header, claims),
  'changed in its payload': good.replace(/\.(.)/, (_, first) => (first === 'e' ? '.f' : '.e')),
  expired: samples.signRaw(key, header, { ...claims, exp: claims.iat }),
  'alg none, unsigned': samples.signRaw(key, { ...header, alg: 'none' }, claims).replace(/[^.]*$/, ''),
  'alg none, signed': samples.signRaw(key, { ...header, alg: 'none' }, claims),
  'malformed: two segments': good.slice(0, good.lastIndexOf('.')),
  'malformed: four segments': `${good}.${good.slice(-43)}`,
  'malformed: payload without end': samples.signRaw(key, header, '{"exp":9999999999'),
  empty: '',
}

/** These two never read the header: a MAC that is right is all they ask for, whatever `alg` says. */
const headerless = new Set(['jws', 'node:crypto and JSON'])

/**
 * @returns {Promise<void>}
 * @throws {Error} when a library accepts a bad token, or refuses a good one
 */
export async function checkLibraries() {
  const ours = libraries.keyturn(keys)
  const cached = libraries.keyturn(keys, 1024)
  const fastJwt = libraries.fastJwtSync(key)
  const fastJwtCached = libraries.fastJwtSync(key, 1024)
  const fastify = await libraries.fastifyPlugin(key)
  const jsonWebToken = libraries.jsonWebToken(key)
  const jws = libraries.plainJws(key)
  const jose = await joseTokens(key)
  const hono = await honoTokens(key)
  /** @type {Record<string, Verify>} */
  const verifiers = {
    keyturn: token => ours.verify(token).payload,
    'keyturn, result': token => {
      const result = ours.result(token)
      if (!result.ok) throw new Error(result.code)
      return result.payload
    },
    'keyturn, cache': token => cached.verify(token).payload,
    'fast-jwt': fastJwt.verify,
    'fast-jwt, cache': fastJwtCached.verify,
    'fast-jwt, key callback': libraries.fastJwtKeyCallback(keys),
    'fast-jwt, loop': libraries.fastJwtLoop(keys),
    '@fastify/jwt': fastify.verify,
    jsonwebtoken: jsonWebToken.verify,
    jws: jws.verify,
    jose: jose.verify,
    hono: hono.verify,
    'node:crypto and JSON': verifyFloor(key),
  }
  for (const [name, verify] of Object.entries(verifiers)) await checkVerifier(name, verify)
  for (const name of ['keyturn', 'fast-jwt, key callback', 'fast-jwt, loop'])
    await mustAccept(`${name}, last key`, /** @type {Verify} */ (verifiers[name]), signedByLast, claims)
  /** @type {Record<string, (claims: samples.Claims) => string | Promise<string>>} */
  const signers = {
    keyturn: ours.sign,
    'fast-jwt': fastJwt.sign,
    '@fastify/jwt': fastify.sign,
    jsonwebtoken: jsonWebToken.sign,
    jws: jws.sign,
    jose: jose.sign,
    hono: hono.sign,
    'node:crypto and JSON': signFloor(key, libraries.life),
  }
  const plain = samples.makeClaims()
  for (const [name, sign] of Object.entries(signers)) {
    const token = await sign(plain)
    await mustAccept(
      `what ${name} signs, read by keyturn`,
      /** @type {Verify} */ (verifiers.keyturn),
      token,
      plain,
    )
    await mustAccept(`what ${name} signs, read by fast-jwt`, fastJwt.verify, token, plain)
  }
}

/** @param {string} name @param {Verify} verify */
async function checkVerifier(name, verify) {
  await mustAccept(name, verify, good, claims)
  for (const [kind, token] of Object.entries(bad)) {
    if (headerless.has(name) && kind === 'alg none, signed') continue
    // Twice: a cache must not turn a refusal into anything else.
    for (let time = 0; time < 2; time++)
      if (await accepts(verify, token)) throw new Error(`${name} accepts a token that is ${kind}`)
  }
  await mustAccept(name, verify, good, claims)
}

/** @param {string} name @param {Verify} verify @param {string} token @param {samples.Claims | undefined} expected */
async function mustAccept(name, verify, token, expected) {
  const payload = /** @type {samples.Claims} */ (await verify(token))
  for (const [claim, value] of Object.entries(expected ?? {}))
    if (payload[claim] !== value) throw new Error(`${name} changes the claim ${claim}`)
}

/** @param {Verify} verify @param {string} token */
async function accepts(verify, token) {
  try {
    await verify(token)
    return true
  } catch {
    return false
  }
}
