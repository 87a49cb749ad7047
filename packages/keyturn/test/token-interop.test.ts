/** Other libraries accept what we sign, and we accept what they sign: 2,000 random claim sets with each, both ways. */
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { createSigner, createVerifier } from '../src/token/index.ts'
import { claimSets, type ClaimSet } from './token-claim-sets.ts'
import { peers, type Peer } from './token-peers.ts'
import { startPyjwt, whyNoPyjwt } from './token-pyjwt.ts'

const runs = 2_000

/** What JSON makes of it: -0 becomes 0. */
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

async function checkOurs(peer: Peer, set: ClaimSet): Promise<void> {
  const { claims, kid, alg, secret } = set
  const token = createSigner({ key: { alg, secret, kid } })(claims)
  expect(await peer.verify(token, set)).toEqual({ claims: asJson(claims), kid })
}

async function checkTheirs(peer: Peer, set: ClaimSet): Promise<void> {
  const { claims, kid, alg, secret } = set
  const verified = createVerifier({ keys: [{ alg, secret, kid }] })(await peer.sign(set))
  expect(verified.payload).toEqual(asJson(claims))
  expect([verified.kid, verified.header.kid, verified.header.alg]).toEqual([kid, kid, alg])
}

const missing = whyNoPyjwt()
const pyjwt = missing === undefined ? startPyjwt() : undefined
afterAll(() => pyjwt?.stop())

const all = [...peers, ...(pyjwt ? [pyjwt] : [])]

describe.each(all.map(peer => [peer.name, peer] as const))('%s', (_, peer) => {
  it(`accepts what we sign, and signs what we accept: ${runs} claim sets each way`, async () => {
    await fc.assert(
      fc.asyncProperty(claimSets, async set => {
        await checkOurs(peer, set)
        await checkTheirs(peer, peer.writable(set))
      }),
      { numRuns: runs },
    )
  }, 120_000)
})

if (missing !== undefined) it.skip(`PyJWT, which is not on this machine: ${missing}`, () => undefined)
