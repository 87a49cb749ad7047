/** Other JWT libraries, each signing and verifying in the same way. What one of them cannot write is named there. */
import { createSecretKey } from 'node:crypto'
import { createRequire } from 'node:module'
import { createSigner as createFastSigner, createVerifier as createFastVerifier } from 'fast-jwt'
import { jwtVerify, SignJWT } from 'jose'
import type { ClaimSet } from './token-claim-sets.ts'

/** What a library reads from a token that it accepts. */
export interface PeerVerified {
  readonly claims: unknown
  readonly kid: string | undefined
}

export interface Peer {
  readonly name: string
  /** The same set without what the library cannot write. */
  readonly writable: (set: ClaimSet) => ClaimSet
  sign(set: ClaimSet): Promise<string> | string
  /** Fails unless it accepts the token. */
  verify(token: string, set: ClaimSet): Promise<PeerVerified> | PeerVerified
}

const bytesOf = (secret: string | Uint8Array): Uint8Array => Buffer.from(secret as string)

const jose: Peer = {
  name: 'jose',
  writable: set => set,
  sign: ({ claims, alg, secret, kid }) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg, ...(kid !== undefined && { kid }) })
      .sign(new Uint8Array(bytesOf(secret))),
  async verify(token, { alg, secret }) {
    const verified = await jwtVerify(token, new Uint8Array(bytesOf(secret)), { algorithms: [alg] })
    return { claims: verified.payload, kid: verified.protectedHeader.kid }
  },
}

interface JsonWebToken {
  sign(claims: object, key: unknown, options: object): string
  verify(token: string, key: unknown, options: object): { payload: unknown; header: { kid?: string } }
}
const library = createRequire(import.meta.url)('jsonwebtoken') as JsonWebToken

/** It first tries a text as a PEM, which takes hundreds of microseconds: every tenth text goes in as it is. */
const jsonwebtokenKey = (secret: string | Uint8Array): unknown =>
  typeof secret === 'string' && secret.charCodeAt(0) % 10 === 0 ? secret : createSecretKey(bytesOf(secret))

const jsonwebtoken: Peer = {
  name: 'jsonwebtoken',
  writable: set => ({
    ...set,
    // It writes headers in Latin-1, which RFC 7515 §3 does not allow: beyond ASCII they are not UTF-8.
    kid: set.kid?.replace(/[^\0-\x7f]/g, '?'),
    // It takes a claim that is named like a member of Object.prototype for one with a rule of its own, and fails.
    claims: Object.fromEntries(Object.entries(set.claims).filter(([name]) => !(name in {}))),
  }),
  sign: ({ claims, alg, secret, kid }) =>
    library.sign({ ...claims }, jsonwebtokenKey(secret), {
      algorithm: alg,
      ...(kid !== undefined && { keyid: kid }),
    }),
  verify(token, { alg, secret }) {
    const verified = library.verify(token, jsonwebtokenKey(secret), { algorithms: [alg], complete: true })
    const { kid } = verified.header
    // It reads headers in Latin-1, too.
    return { claims: verified.payload, kid: kid && Buffer.from(kid, 'latin1').toString() }
  },
}

const fastKey = (secret: string | Uint8Array): string | Buffer =>
  typeof secret === 'string' ? secret : Buffer.from(secret)

const fastJwt: Peer = {
  name: 'fast-jwt',
  // It refuses an exp or nbf with a fraction, cuts the fraction off iat, and drops an nbf of 0.
  writable: set => ({
    ...set,
    claims: {
      ...set.claims,
      ...Object.fromEntries(
        ['exp', 'nbf', 'iat']
          .filter(name => Object.hasOwn(set.claims, name))
          .map(name => [name, Math.max(1, Math.floor(set.claims[name] as number))]),
      ),
    },
  }),
  sign: ({ claims, alg, secret, kid }) =>
    createFastSigner({ key: fastKey(secret), algorithm: alg, ...(kid !== undefined && { kid }) })({
      ...claims,
    }),
  verify(token, { alg, secret }) {
    const verify = createFastVerifier({ key: fastKey(secret), algorithms: [alg], complete: true })
    const verified = verify(token) as { payload: unknown; header: { kid?: string } }
    return { claims: verified.payload, kid: verified.header.kid }
  },
}

/** Those that run in this process. */
export const peers: readonly Peer[] = [jose, jsonwebtoken, fastJwt]
