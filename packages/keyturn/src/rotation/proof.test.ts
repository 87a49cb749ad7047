/** Proofs: for one key, one generation, one instance. */
import { createHmac } from 'node:crypto'
import { expect, it } from 'vitest'
import { leaseOf } from '../../test/fleet-fixtures.ts'
import { freshRing, freshSecret } from '../../test/ring-fixtures.ts'
import { proofOf, proves } from './proof.ts'

const ring = freshRing()
const document = { ...ring.document, epoch: 3, nonce: 'a-nonce' }
const [[kid, secret] = ['', freshSecret().secret]] = ring.secrets

it('a proof is the HMAC over label, ring, epoch, generation, nonce and instance', () => {
  const text = 'keyturn/ack/v1\nimmonow/production\n3\n1\na-nonce\none'
  const expected = createHmac('sha256', secret.reveal()).update(text).digest('base64url')
  expect(proofOf(secret, document, 'one')).toBe(expected)
})

it('a lease proves the key that it holds, and no other', () => {
  const lease = leaseOf({ document, secrets: ring.secrets }, 'one', 0)
  expect(proves(lease, kid, secret, document)).toBe(true)
  expect(proves(lease, 'another', secret, document)).toBe(false)
  expect(proves(lease, kid, freshSecret().secret, document)).toBe(false)
})

it.each([{ ring: 'other' }, { epoch: 4 }, { generation: 2 }, { nonce: 'another' }])(
  'a proof for %j is another one',
  change => {
    expect(proofOf(secret, { ...document, ...change }, 'one')).not.toBe(proofOf(secret, document, 'one'))
  },
)

it.each(['', 'A', 'A'.repeat(43), 'ü'.repeat(43)])('%j proves nothing', forged => {
  const lease = { ...leaseOf({ document, secrets: ring.secrets }, 'one', 0), proofs: { [kid]: forged } }
  expect(proves(lease, kid, secret, document)).toBe(false)
})
