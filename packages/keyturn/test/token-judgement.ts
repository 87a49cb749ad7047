/** forge and judge: tokens with a right MAC, judged by verifiers in every state they can be in. */
import { createHmac } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { expect } from 'vitest'
import { createVerifier, type Verifier, type VerifierOptions } from '../src/token/index.ts'
import { relativesOf } from './token-relatives.ts'

type Bytes = string | Uint8Array

/** Epoch seconds, for verifiers here. */
export const now = 1_000_000

/** Named `a`, `b`, `c`, one for each algorithm. */
export const keys = [
  { kid: 'a', alg: 'HS256', secret: 'first key of these tests '.repeat(4) },
  { kid: 'b', alg: 'HS384', secret: 'second key of these tests '.repeat(4) },
  { kid: 'c', alg: 'HS512', secret: 'third key of these tests '.repeat(4) },
] as const

export const header = '{"alg":"HS256","typ":"JWT","kid":"a"}'
export const claims = {
  iss: 'https://api.example',
  sub: 'user-1',
  aud: 'web',
  exp: now + 60,
  nbf: now - 10,
  iat: now - 10,
  jti: 'x1',
}
export const payload = JSON.stringify(claims)

/** Base64url as any encoder writes it. */
export const encode = (bytes: Bytes): string => Buffer.from(bytes as string).toString('base64url')

/** The MAC of a signing input, as UTF-8. */
export function macOf(input: string, key: { alg: string; secret: Bytes } = keys[0]): Buffer {
  return createHmac(`sha${key.alg.slice(2)}`, key.secret)
    .update(input, 'utf8')
    .digest()
}

/** A token of these segments, whatever they are, and a right MAC. */
export function seal(first: string, second: string, key: { alg: string; secret: Bytes } = keys[0]): string {
  return `${first}.${second}.${encode(macOf(`${first}.${second}`, key))}`
}

/** A token of these bytes and a right MAC. */
export function forge(head: Bytes, body: Bytes, key: { alg: string; secret: Bytes } = keys[0]): string {
  return seal(encode(head), encode(body), key)
}

/** What is judged: a header and a payload, or a whole token. */
export interface Case {
  readonly header?: Bytes
  readonly payload?: Bytes
  /** Instead of both; anything at all. */
  readonly token?: unknown
  /** That signs, where the token is not given. */
  readonly key?: { readonly alg: string; readonly secret: Bytes }
  /** Payloads that a warm verifier has accepted before. Else relatives of the payload: same names, other values. */
  readonly like?: readonly string[]
  readonly options?: Partial<VerifierOptions>
  /** Surroundings of each call that is judged. */
  readonly within?: (call: () => string) => string
}

const accepted = 'accepted'
/** Of the key with that algorithm. */
const plainHeader = (alg: string): string =>
  JSON.stringify({ alg, typ: 'JWT', kid: keys.find(key => key.alg === alg)?.kid })

/** The verdict: `accepted` or a code. It is the same cold and warm, thrown and returned, with a cache and without. */
export function judge(given: Case): string {
  const verdicts = verdictsOf(given)
  const [verdict = ''] = Object.values(verdicts)
  expect(verdicts).toEqual(Object.fromEntries(Object.keys(verdicts).map(state => [state, verdict])))
  return verdict
}

function verdictsOf(given: Case): Record<string, string> {
  const { header: head = header, payload: body = payload, within = call => call() } = given
  const token = 'token' in given ? given.token : forge(head, body, given.key)
  const wellFormed = wellFormedTokens(given, head, body)
  const verdicts: Record<string, string> = {}
  for (const [name, cache] of [['', false] as const, [' with a cache', { entries: 100 }] as const]) {
    const options = { keys, now: () => now, ...given.options, cache }
    const [cold, thrown, warm] = [createVerifier(options), createVerifier(options), createVerifier(options)]
    for (const each of wellFormed) expect(warm.result(each)).toMatchObject({ ok: true })
    verdicts[`cold${name}`] = within(() => returned(cold, token, body))
    verdicts[`cold again${name}`] = within(() => returned(cold, token, body))
    verdicts[`cold and thrown${name}`] = within(() => thrownOrAccepted(thrown, token))
    verdicts[`warm${name}`] = within(() => returned(warm, token, body))
    verdicts[`warm and thrown${name}`] = within(() => thrownOrAccepted(warm, token))
    verdicts[`warm again${name}`] = within(() => returned(warm, token, body))
  }
  return verdicts
}

/** With the same header where it is acceptable, and else with its algorithm. */
function wellFormedTokens(given: Case, head: Bytes, body: Bytes): string[] {
  const { options = {}, key = keys[0] } = given
  const verify = createVerifier({ keys, now: () => now, ...options })
  const needed = [
    ...(options.requireExp === false ? [] : ['exp']),
    ...(options.issuer === undefined ? [] : ['iss']),
    ...(options.audience === undefined ? [] : ['aud']),
    ...(options.subject === undefined ? [] : ['sub']),
    ...(options.maxAgeSeconds === undefined && options.maxLifetimeSeconds === undefined ? [] : ['iat']),
  ]
  const bodies = given.like ?? relativesOf(body, needed)
  const isHeaderGood = bodies[0] !== undefined && verify.result(forge(head, bodies[0], key)).ok
  return bodies.map(each => forge(isHeaderGood ? head : plainHeader(key.alg), each, key))
}

function returned(verify: Verifier, token: unknown, body: Bytes): string {
  try {
    const result = verify.result(token as string)
    if (!result.ok) return result.code
    // Whoever accepts a payload reads it as JSON.parse does, names in the same order.
    const expected: unknown = JSON.parse(Buffer.from(body as string).toString())
    const isSame = isDeepStrictEqual(result.payload, expected)
    const isOrdered = JSON.stringify(result.payload) === JSON.stringify(expected)
    return isSame && isOrdered ? accepted : `accepted, but read as ${JSON.stringify(result.payload)}`
  } catch (error) {
    return `result threw ${String(error)}`
  }
}

function thrownOrAccepted(verify: Verifier, token: unknown): string {
  try {
    verify(token as string)
    return accepted
  } catch (error) {
    const { name, code } = error as { name: string; code?: string }
    return name === 'TokenError' && code !== undefined ? code : `threw ${String(error)}`
  }
}
