/** What a writer believes a store holds, down to the last field. */
import { expect, it } from 'vitest'
import { freshRing } from '../../test/ring-fixtures.ts'
import { expectedOf, hashOf, isExpected } from './hash.ts'

const { document } = freshRing()

it('a document is expected by epoch, generation and hash', () => {
  expect(expectedOf(document)).toEqual({ epoch: 0, generation: 1, hash: hashOf(document) })
  expect(isExpected(expectedOf(document), JSON.parse(JSON.stringify(document)))).toBe(true)
})

it.each([{ nonce: 'x' }, { cutoff: 1 }, { epoch: 1 }, { generation: 2 }, { keys: [] }])(
  'a document with %j instead is another one',
  change => {
    expect(isExpected(expectedOf(document), { ...document, ...change })).toBe(false)
  },
)

it('a hash is SHA-256 in base64url, the same whatever order the fields come in', () => {
  const reversed = Object.fromEntries(Object.entries(document).reverse()) as unknown as typeof document
  expect(hashOf(reversed)).toBe(hashOf(document))
  expect(hashOf(document)).toMatch(/^[\w-]{43}$/)
})
