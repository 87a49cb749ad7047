/** Every token that the test suites of five JWT libraries quote, with our verdict on it. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { HmacKey } from '../src/token/hmac.ts'
import {
  createVerifier,
  type KeySet,
  type OctJwk,
  type VerifierOptions,
  type VerifyResult,
} from '../src/token/index.ts'
import { readVector, vectorPath } from './token-vectors.ts'

interface Line {
  readonly token: string
  readonly alg: string | null
}
interface Verdict {
  readonly line: number
  readonly asWritten: string
  readonly resigned: string
}

const lines = readFileSync(vectorPath('suite-tokens/tokens.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map(line => JSON.parse(line) as Line)
const recorded = readVector<Verdict[]>('suite-tokens/verdicts.json')
const now = (): number => 1_700_000_000
const codeOf = (result: VerifyResult): string => (result.ok ? 'accepted' : result.code)

/** The keys behind those tokens that are long enough to be made: jose's 32 zeros, RFC 7515 A.1 and RFC 7520. */
function publishedVerdict({ token, alg }: Line, options: Partial<VerifierOptions>): string {
  const a1 = readVector<{ key: OctJwk }>('rfc7515/examples.json').key
  const rfc7520 = readVector<{ input: { key: OctJwk } }>(
    'ietf-cookbook/4_4.hmac-sha2_integrity_protection.json',
  )
  const keys =
    alg === 'HS384' || alg === 'HS512'
      ? [{ ...a1, alg }]
      : [{ alg: 'HS256', secret: new Uint8Array(32) }, { ...a1, alg: 'HS256' }, rfc7520.input.key]
  return codeOf(createVerifier({ keys, now, ...options }).result(token))
}

/** Most of those tokens fall at their signature. With one of ours instead, header and claims are judged as well. */
function resignedVerdict({ token }: Line): string {
  const key = new HmacKey('HS256', Buffer.from('k'.repeat(64)))
  const named = { kid: undefined, key }
  const keys: KeySet = { find: () => named, candidates: () => [named] }
  const input = token.split('.').slice(0, 2).join('.')
  const verify = createVerifier({ keys, now, requireExp: false })
  return codeOf(verify.result(`${input}.${key.macOf(Buffer.from(input))}`))
}

const count = (codes: readonly string[]): Record<string, number> =>
  Object.fromEntries(
    [...new Set(codes)].sort().map(code => [code, codes.filter(each => each === code).length]),
  )

describe('tokens of five libraries', () => {
  it('has a verdict for each of the 189', () => {
    expect(recorded.map(({ line }) => line)).toEqual(lines.map((_, index) => index + 1))
    expect(lines).toHaveLength(189)
  })

  it('gives each token its verdict, as it is written and signed by us', () => {
    const verdicts = lines.map((line, index) => ({
      line: index + 1,
      asWritten: publishedVerdict(line, { requireExp: false }),
      resigned: resignedVerdict(line),
    }))
    expect(verdicts).toEqual(recorded)
  })

  it('accepts only what a published key of full length signed, and nothing of it while exp is required', () => {
    const accepted = recorded.filter(({ asWritten }) => asWritten === 'accepted').map(({ line }) => line)
    expect(accepted).toEqual([9, 10, 88, 132])
    expect(lines.map(line => publishedVerdict(line, {}))).not.toContain('accepted')
  })

  it('has every reason that the tokens were written for', () => {
    expect(count(recorded.map(({ asWritten }) => asWritten))).toMatchInlineSnapshot(`
      {
        "ERR_KEY_NOT_FOUND": 3,
        "ERR_TOKEN_ALGORITHM": 46,
        "ERR_TOKEN_EXPIRED": 3,
        "ERR_TOKEN_HEADER": 12,
        "ERR_TOKEN_MALFORMED": 61,
        "ERR_TOKEN_PAYLOAD": 1,
        "ERR_TOKEN_SIGNATURE": 59,
        "accepted": 4,
      }
    `)
    expect(count(recorded.map(({ resigned }) => resigned))).toMatchInlineSnapshot(`
      {
        "ERR_TOKEN_ALGORITHM": 52,
        "ERR_TOKEN_CLAIM": 12,
        "ERR_TOKEN_EXPIRED": 11,
        "ERR_TOKEN_HEADER": 59,
        "ERR_TOKEN_ISSUED_IN_FUTURE": 4,
        "ERR_TOKEN_NOT_YET_VALID": 1,
        "ERR_TOKEN_PAYLOAD": 12,
        "accepted": 38,
      }
    `)
  })
})
