/** Keyturn and the libraries that answer at once, as their users set them up: keys made ready once, HS256 alone, exp and nbf checked. */
// @ts-check
import { createSecretKey } from 'node:crypto'
import { createRequire } from 'node:module'
import fastifyJwt from '@fastify/jwt'
import * as fastJwt from 'fast-jwt'
import fastify from 'fastify'
import { createSigner, createVerifier } from '../../dist/token/index.js'

/** @typedef {import('./sample-tokens.js').Key} Key */
/** @typedef {import('./sample-tokens.js').Claims} Claims */
/** @typedef {Claims & { exp: number }} Payload */
/** @typedef {(token: string) => Payload} Verify throws when it refuses */
/** @typedef {(claims: Claims) => string} Sign adds iat, and exp after `life` */

/** Seconds that a signed token lives. */
export const life = 900

const require = createRequire(import.meta.url)
const jws =
  /** @type {{
   *   verify: (token: string, alg: string, key: import('node:crypto').KeyObject) => boolean
   *   sign: (parts: { header: object, payload: object, secret: import('node:crypto').KeyObject }) => string
   * }} */ (require('jws'))
const jsonwebtoken =
  /** @type {{
   *   verify: (token: string, key: import('node:crypto').KeyObject, options: object) => Payload
   *   sign: (claims: Claims, key: import('node:crypto').KeyObject, options: object) => string
   * }} */ (require('jsonwebtoken'))

/** @param {Key} key */
const keyObject = ({ secret }) => createSecretKey(secret, 'utf8')

/** Epoch seconds. What is signed has its times before the spread of the claims: after it, V8 takes several times as long. */
export const now = () => Math.floor(Date.now() / 1000)

/** @param {readonly Key[]} keys the first one signs @param {number} [cacheEntries] */
export function keyturn(keys, cacheEntries) {
  const options = cacheEntries === undefined ? { keys } : { keys, cache: { entries: cacheEntries } }
  const verify = createVerifier(options)
  return {
    verify,
    result: verify.result,
    /** @type {Sign} */
    sign: createSigner({ key: /** @type {Key} */ (keys[0]), expiresIn: life }),
  }
}

/** @param {Key} key @param {number | false} [cache] entries */
export function fastJwtSync(key, cache = false) {
  /** @type {Verify} */
  const verify = fastJwt.createVerifier({ key: key.secret, algorithms: ['HS256'], cache })
  /** @type {Sign} */
  const sign = fastJwt.createSigner({
    key: key.secret,
    algorithm: 'HS256',
    kid: key.kid,
    expiresIn: life * 1000,
  })
  return { verify, sign }
}

/**
 * Its only way to choose a key by kid. With callbacks instead of promises: the faster of its two forms.
 * @param {readonly Key[]} keys
 * @returns {Verify}
 */
export function fastJwtKeyCallback(keys) {
  const secrets = new Map(keys.map(({ kid, secret }) => [kid, secret]))
  const verify = fastJwt.createVerifier({
    /** @type {import('fast-jwt').KeyFetcher} */
    key: (decoded, done) => done(null, secrets.get(decoded.header.kid) ?? ''),
    algorithms: ['HS256'],
  })
  return token => {
    /** @type {Payload | undefined} */
    let payload
    /** @type {unknown} */
    let failure
    // Called before verify returns, since the key is there at once.
    verify(token, (error, value) => {
      failure = error
      payload = value
    })
    if (payload === undefined) throw failure
    return payload
  }
}

/** What its users write for tokens without kid. @param {readonly Key[]} keys @returns {Verify} */
export function fastJwtLoop(keys) {
  const verifiers = keys.map(key => fastJwtSync(key).verify)
  return token => {
    /** @type {unknown} */
    let failure
    for (const verify of verifiers) {
      try {
        return verify(token)
      } catch (error) {
        failure = error
      }
    }
    throw failure
  }
}

/** @param {Key} key */
export async function fastifyPlugin(key) {
  const app = fastify()
  await app.register(fastifyJwt, {
    secret: key.secret,
    sign: { algorithm: 'HS256', kid: key.kid, expiresIn: life * 1000 },
    verify: { algorithms: ['HS256'] },
  })
  await app.ready()
  return {
    /** @type {Verify} */
    verify: token => app.jwt.verify(token),
    /** @type {Sign} */
    sign: claims => app.jwt.sign(claims),
  }
}

/** With a KeyObject: a secret as text costs it 0.3 ms more for each token. @param {Key} key */
export function jsonWebToken(key) {
  const ready = keyObject(key)
  const verifyOptions = { algorithms: ['HS256'] }
  const signOptions = { algorithm: 'HS256', keyid: key.kid, expiresIn: life }
  return {
    /** @type {Verify} */
    verify: token => jsonwebtoken.verify(token, ready, verifyOptions),
    /** @type {Sign} */
    sign: claims => jsonwebtoken.sign(claims, ready, signOptions),
  }
}

/** It knows signatures only, and takes a fourth segment for nothing. The rest is done here, in the cheapest way. @param {Key} key */
export function plainJws(key) {
  const secret = keyObject(key)
  const header = { alg: 'HS256', typ: 'JWT', kid: key.kid }
  return {
    /** @type {Verify} */
    verify: token => {
      const [, middle, , fourth] = token.split('.')
      if (middle === undefined || fourth !== undefined) throw new Error('malformed')
      if (!jws.verify(token, 'HS256', secret)) throw new Error('signature')
      const text = Buffer.from(middle, 'base64url').toString('utf8')
      const payload = /** @type {Payload} */ (JSON.parse(text))
      if (!(now() < payload.exp)) throw new Error('expired')
      return payload
    },
    /** @type {Sign} */
    sign: claims => {
      const iat = now()
      return jws.sign({ header, payload: { iat, exp: iat + life, ...claims }, secret })
    },
  }
}
