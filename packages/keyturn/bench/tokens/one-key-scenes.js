/** Scenes with one key: verifying, signing, the cache, and the libraries whose answers are promises. */
// @ts-check
import { signFloor, verifyFloor } from './floor.js'
import * as libraries from './libraries.js'
import { honoTokens, joseTokens } from './promise-libraries.js'
import { manyInFlight, signing, verifying } from './rounds.js'
import * as samples from './sample-tokens.js'
import { asLong, faster } from './scene.js'

/** @typedef {import('./scene.js').Scene} Scene */

const [key] = samples.makeKeys(1)
const good = samples.goodTokens([key])
const claims = Array.from({ length: samples.sampleSize }, samples.makeClaims)

/** The other libraries that answer at once. */
const synchronous = async () => ({
  'fast-jwt': libraries.fastJwtSync(key),
  '@fastify/jwt': await libraries.fastifyPlugin(key),
  'jsonwebtoken, KeyObject': libraries.jsonWebToken(key),
  jws: libraries.plainJws(key),
})
const floor = 'node:crypto and JSON'

/** @returns {Promise<Scene>} */
export async function verify() {
  const others = Object.entries(await synchronous())
  return {
    contestants: [
      verifying('keyturn', good, libraries.keyturn([key]).verify),
      ...others.map(([name, { verify }]) => verifying(name, good, verify)),
      verifying(floor, good, verifyFloor(key)),
    ],
    rows: [
      faster('verify', { other: 'fast-jwt', gate: 2.5 }),
      faster('verify', { other: '@fastify/jwt' }),
      faster('verify', { other: 'jsonwebtoken, KeyObject', gate: 3.4 }),
      faster('verify', { other: 'jws' }),
      asLong('verify', { other: floor, gate: 1.15 }),
    ],
  }
}

/** @returns {Promise<Scene>} */
export async function sign() {
  const others = Object.entries(await synchronous())
  return {
    contestants: [
      signing('keyturn', claims, libraries.keyturn([key]).sign),
      ...others.map(([name, { sign }]) => signing(name, claims, sign)),
      signing(floor, claims, signFloor(key, libraries.life)),
    ],
    rows: [
      faster('sign', { other: 'fast-jwt', gate: 2.8 }),
      faster('sign', { other: '@fastify/jwt' }),
      faster('sign', { other: 'jsonwebtoken, KeyObject', gate: 3.4 }),
      faster('sign', { other: 'jws' }),
      asLong('sign', { other: floor, gate: 1.05 }),
    ],
  }
}

/** @returns {Scene} */
export function cache() {
  // fast-jwt's `true` means 1,000 entries: not one hit with 1,024 tokens in turn.
  const roomy = 4 * samples.sampleSize
  const tight = samples.sampleSize / 8
  return {
    contestants: [
      verifying('hits', good, libraries.keyturn([key], roomy).verify),
      verifying('hits, fast-jwt', good, libraries.fastJwtSync(key, roomy).verify),
      verifying('misses', good, libraries.keyturn([key], tight).verify),
      verifying('misses, fast-jwt', good, libraries.fastJwtSync(key, tight).verify),
    ],
    rows: [
      faster('cache on, only hits', {
        ours: 'hits',
        other: 'hits, fast-jwt',
        against: 'fast-jwt, cache',
        gate: 8,
      }),
      faster('cache on, no hit', { ours: 'misses', other: 'misses, fast-jwt', against: 'fast-jwt, cache' }),
    ],
  }
}

/** CPU time on all threads: the time until an answer says more about the queue than about the library. @returns {Promise<Scene>} */
export async function asynchronous() {
  const ours = libraries.keyturn([key])
  const others = { jose: await joseTokens(key), hono: await honoTokens(key) }
  return {
    contestants: [
      verifying('verify', good, ours.verify, 'cpu'),
      signing('sign', claims, ours.sign, 'cpu'),
      ...Object.entries(others).flatMap(([name, { verify, sign }]) => [
        manyInFlight(`verify, ${name}`, good, bearer => verify(bearer.slice(samples.prefixLength))),
        manyInFlight(`sign, ${name}`, claims, sign),
      ]),
    ],
    rows: [
      faster('verify, CPU time', {
        ours: 'verify',
        other: 'verify, jose',
        against: 'jose, 64 in flight',
        gate: 8,
      }),
      faster('sign, CPU time', { ours: 'sign', other: 'sign, jose', against: 'jose, 64 in flight' }),
      faster('verify, CPU time', { ours: 'verify', other: 'verify, hono', against: 'hono, 64 in flight' }),
      faster('sign, CPU time', { ours: 'sign', other: 'sign, hono', against: 'hono, 64 in flight' }),
    ],
  }
}
