/** Claims that resemble each other, signed one after the other: each token holds its own. */
import { randomBytes } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createSigner, createVerifier } from '../src/token/index.ts'
import { keys, now } from './token-judgement.ts'
import { randomOf, type Random } from './token-random.ts'
import { referenceValue } from './token-reference.ts'

const names = ['a', 'b', 'ab', '', 'é', '"', '\\', 'x\0y', '10', '9', 'toString', 'sub', '\ud800', '/']
const values = [
  ...[
    '',
    'a',
    'b',
    '"',
    '\\',
    '\n',
    '\0',
    'é',
    '\ud800',
    '\udc00\ud800',
    '😀',
    '1',
    'null',
    '","a":"b',
    '\u2028',
    '\x7f',
  ],
  ...[0, -0, 1, -1, 1.5, 1e21, 1e-7, 2 ** 53, Number.MAX_VALUE, 5e-324, true, false, null, undefined],
  ...['x'.repeat(255), 'x'.repeat(256), 'x'.repeat(257), `${'x'.repeat(256)}"`],
]

/** An object of a few names in any order, with values that come again and again. */
function randomObject(random: Random, depth: number): Record<string, unknown> {
  return Object.fromEntries(random.list(6, () => [random.one(names), randomValue(random, depth)]))
}

function randomValue(random: Random, depth: number): unknown {
  if (depth > 5 || !random.chance(4)) return random.one(values)
  if (random.chance(2)) return randomObject(random, depth + 1)
  return random.list(3, () => randomValue(random, depth + 1) ?? null)
}

describe('signers', () => {
  it('write 10,000 claim sets as JSON.stringify does', () => {
    const seed = randomBytes(8).toString('hex')
    const random = randomOf(seed)
    const signers = keys.map(key => createSigner({ key, now: () => now, expiresIn: 60 }))
    const verify = createVerifier({ keys, now: () => now })
    for (let run = 0; run < 10_000; run++) {
      const { sub, ...claims } = randomObject(random, 1)
      const given = { ...claims, ...(typeof sub === 'string' && { sub }) }
      const token = random.one(signers)(given)
      const written = referenceValue(Buffer.from(token.split('.')[1]!, 'base64url').toString())
      const expected = referenceValue(JSON.stringify({ iat: now, exp: now + 60, ...given }))
      if (isDeepStrictEqual(written, expected) && isDeepStrictEqual(verify(token).payload, expected)) continue
      expect.fail(`seed ${seed}, run ${run}: ${JSON.stringify(given)} became ${JSON.stringify(written)}`)
    }
  })
})
