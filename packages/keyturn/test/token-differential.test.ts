/** Random payloads, right and wrong: verifiers that have seen thousands of the kind say what a simple reference says. */
import { randomBytes } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createVerifier, type Verifier } from '../src/token/index.ts'
import { damagedText } from './token-json-damage.ts'
import { randomShape, textOf } from './token-json-texts.ts'
import { forge, header, keys, now } from './token-judgement.ts'
import { randomOf } from './token-random.ts'
import { isJsonParseRight, referenceValue, referenceVerdict } from './token-reference.ts'

const make = (cache: false | { entries: number } = false): Verifier =>
  createVerifier({ keys, now: () => now, requireExp: false, cache })

/** `accepted`, a code, or what is wrong with a payload that was accepted. */
function verdictOf(verify: Verifier, token: string, text: string): string {
  const result = verify.result(token)
  if (!result.ok) return result.code
  const expected = isJsonParseRight ? (JSON.parse(text) as unknown) : referenceValue(text)
  const isSame = isDeepStrictEqual(result.payload, expected)
  return isSame && JSON.stringify(result.payload) === JSON.stringify(expected)
    ? 'accepted'
    : 'read differently'
}

describe('verifiers', () => {
  it('agree with the reference on 30,000 payloads, shape by shape', () => {
    const seed = randomBytes(8).toString('hex')
    const random = randomOf(seed)
    const counts: Record<string, number> = {}
    const [all, allCached] = [make(), make({ entries: 50 })]
    for (let run = 0; run < 500; run++) {
      const shape = randomShape(random)
      const [own, ownCached] = [make(), make({ entries: 50 })]
      for (let sibling = 0; sibling < 60; sibling++) {
        const isPlain = sibling < 12 || random.chance(2)
        const bytes = Buffer.from((isPlain ? textOf(shape, random) : damagedText(shape, random)) as string)
        const [token, text] = [forge(header, bytes), bytes.toString()]
        const expected = referenceVerdict(bytes, now)
        counts[expected] = (counts[expected] ?? 0) + 1
        for (const [name, verify] of Object.entries({ all, allCached, own, ownCached })) {
          const verdict = verdictOf(verify, token, text)
          if (verdict === expected) continue
          const alone = verdictOf(make(), token, text)
          expect.fail(
            `${name}: ${verdict}, a new verifier: ${alone}, reference: ${expected}; seed ${seed}, run ${run}, ` +
              `sibling ${sibling}: ${JSON.stringify(bytes.toString('latin1'))}`,
          )
        }
      }
    }
    expect(counts['accepted']).toBeGreaterThan(8_000)
    expect(counts['ERR_TOKEN_PAYLOAD']).toBeGreaterThan(8_000)
    for (const code of ['CLAIM', 'EXPIRED', 'NOT_YET_VALID', 'ISSUED_IN_FUTURE'])
      expect(counts[`ERR_TOKEN_${code}`]).toBeGreaterThan(100)
  }, 120_000)

  it('agree with a reference that is not lenient', () => {
    const verdicts = [
      '{}',
      '{"a":[{"a":1}],"b":"\\"a\\":1"}',
      '{"a":1,"a":1}',
      '{"x":{"\\u005f_proto__":1}}',
      '{"a":1e999}',
      '[]',
    ]
    expect(verdicts.map(text => referenceVerdict(Buffer.from(text), now))).toEqual([
      ...[
        'accepted',
        'accepted',
        'ERR_TOKEN_PAYLOAD',
        'ERR_TOKEN_PAYLOAD',
        'ERR_TOKEN_PAYLOAD',
        'ERR_TOKEN_PAYLOAD',
      ],
    ])
  })
  it('are told by the reference what JSON.parse reads', () => {
    const random = randomOf('reference')
    for (let run = 0; run < 3_000; run++) {
      const text = textOf(randomShape(random), random)
      if (referenceVerdict(Buffer.from(text), now) === 'ERR_TOKEN_PAYLOAD') continue
      if (isJsonParseRight) expect(referenceValue(text)).toStrictEqual(JSON.parse(text))
    }
    expect(referenceValue(' {"a" : [1, {"": [ ]}, "\\""], "b":{}} ')).toStrictEqual({
      a: [1, { '': [] }, '"'],
      b: {},
    })
  })
})
