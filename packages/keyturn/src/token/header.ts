/** The JOSE header of a token. RFC 7515 §4, RFC 8725 §3. */
import type { Algorithm } from '../ring/document.ts'
import { encodeBase64url } from './base64url.ts'
import { parseSegment } from './json.ts'
import { frozen, isJsonObject, NotJson } from './json-value.ts'
import { Refusal } from './refusal.ts'

/** A header that passed. Parameters that Keyturn does not know are kept, and mean nothing. Frozen: tokens share it. */
export interface JwsHeader {
  readonly alg: Algorithm
  /** At most 256 characters. It is looked up, never interpreted. */
  readonly kid?: string
  /** `JWT` in any case. */
  readonly typ?: string
  readonly [name: string]: unknown
}

/** A header with what verification needs of it. */
export interface DecodedHeader {
  readonly header: JwsHeader
  readonly alg: Algorithm
  /** The header's own: what somebody put on Object.prototype is not part of it. */
  readonly kid: string | undefined
}

/** A kid may have this many characters. */
export const maxKidLength = 256

/** Parameters that change what is verified, or bring a key along: refused whatever they hold. */
const refusedParameters = ['crit', 'b64', 'zip', 'jwk', 'jku', 'x5u', 'x5c', 'cty'] as const

/** Whether a value names an HMAC algorithm, exactly as RFC 7518 §3.2 writes it. */
export function isAlgorithm(value: unknown): value is Algorithm {
  return value === 'HS256' || value === 'HS384' || value === 'HS512'
}

/**
 * Decodes and checks the first segment of a token. Refused: ERR_TOKEN_HEADER; ERR_TOKEN_ALGORITHM for an `alg` that
 * no key of ours can have, such as `none`.
 */
export function decodeHeader(segment: string): DecodedHeader | Refusal {
  const header = parseSegment(segment, false)
  if (header instanceof NotJson) return refused(header.what)
  if (!isJsonObject(header)) return refused('it is not a JSON object')
  const alg = own(header, 'alg')
  if (typeof alg !== 'string') return refused('alg is missing or not a string')
  if (!isAlgorithm(alg))
    return new Refusal('ERR_TOKEN_ALGORITHM', { message: 'alg is not HS256, HS384 or HS512' })
  for (const name of refusedParameters)
    if (Object.hasOwn(header, name)) return refused(`${name} is not accepted`)
  const typ = own(header, 'typ')
  if (typ !== undefined && !(typeof typ === 'string' && typ.toUpperCase() === 'JWT'))
    return refused('typ is not JWT')
  const kid = own(header, 'kid')
  if (kid !== undefined && !(typeof kid === 'string' && kid.length <= maxKidLength))
    return refused(`kid is not a string of at most ${maxKidLength} characters`)
  return { header: frozen({ ...header, alg }), alg, kid }
}

/** The first segment of a token that we sign. */
export function encodeHeader(alg: Algorithm, kid: string | undefined): string {
  return encodeBase64url(JSON.stringify({ alg, typ: 'JWT', kid }))
}

/** An own member: what somebody put on Object.prototype is not part of a token. */
function own(object: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined
}

function refused(what: string): Refusal {
  return new Refusal('ERR_TOKEN_HEADER', { message: `the token header is not acceptable: ${what}` })
}
