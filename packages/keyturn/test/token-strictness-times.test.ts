/** Tokens whose MAC is right: exp, nbf and iat to the second, tolerance, age and lifetime. */
import { describe, expect, it } from 'vitest'
import type { VerifierOptions } from '../src/token/index.ts'
import { judge, now } from './token-judgement.ts'

const judgeClaims = (claims: object | string, options: Partial<VerifierOptions> = {}): string =>
  judge({ payload: typeof claims === 'string' ? claims : JSON.stringify(claims), options })
const exp = now + 60
const largest = Number.MAX_SAFE_INTEGER

/** The verdicts one by one, so that a failure names the claims. */
function expectVerdicts(
  cases: readonly [object | string, string][],
  options: Partial<VerifierOptions> = {},
): void {
  expect(cases.map(([claims]) => [claims, judgeClaims(claims, options)])).toEqual(cases)
}

describe('exp', () => {
  it('is after now', () => {
    expectVerdicts([
      [{ exp: now + 1 }, 'accepted'],
      [{ exp: now + 0.5 }, 'accepted'],
      [{ exp: now }, 'ERR_TOKEN_EXPIRED'],
      [{ exp: now - 0.5 }, 'ERR_TOKEN_EXPIRED'],
      [{ exp: now - 1 }, 'ERR_TOKEN_EXPIRED'],
      [{ exp: 0 }, 'ERR_TOKEN_EXPIRED'],
      ['{"exp":-0}', 'ERR_TOKEN_EXPIRED'],
      [{ exp: -1 }, 'ERR_TOKEN_EXPIRED'],
      [{ exp: -largest }, 'ERR_TOKEN_EXPIRED'],
      [{ exp: largest }, 'accepted'],
      ['{"exp":1000060.0}', 'accepted'],
      ['{"exp":1.00006e6}', 'accepted'],
      ['{"exp":100006E+1}', 'accepted'],
      ['{"exp":1e6}', 'ERR_TOKEN_EXPIRED'],
      ['{"exp":5e-324}', 'ERR_TOKEN_EXPIRED'],
    ])
  })

  it('is required, unless told otherwise', () => {
    const cases = ['{}', '{"sub":"a"}', '{"Exp":1000060}', '{"x":{"exp":1000060}}']
    expectVerdicts(cases.map(claims => [claims, 'ERR_TOKEN_CLAIM']))
    expectVerdicts(
      cases.map(claims => [claims, 'accepted']),
      { requireExp: false },
    )
    expectVerdicts(
      [
        [{ exp: now }, 'ERR_TOKEN_EXPIRED'],
        [{ exp: null }, 'ERR_TOKEN_CLAIM'],
        [{ exp }, 'accepted'],
      ],
      { requireExp: false },
    )
  })

  it('is compared with a clock that shows fractions', () => {
    const options = { now: () => now + 0.25 }
    expectVerdicts(
      [
        [{ exp: now + 0.5 }, 'accepted'],
        [{ exp: now + 0.25 }, 'ERR_TOKEN_EXPIRED'],
        [{ exp, nbf: now + 0.25, iat: now + 0.25 }, 'accepted'],
        [{ exp, nbf: now + 0.5 }, 'ERR_TOKEN_NOT_YET_VALID'],
        [{ exp, iat: now + 0.5 }, 'ERR_TOKEN_ISSUED_IN_FUTURE'],
      ],
      options,
    )
  })
})

describe('nbf and iat', () => {
  it('are not after now', () => {
    expectVerdicts([
      [{ exp, nbf: now }, 'accepted'],
      [{ exp, nbf: now + 0.5 }, 'ERR_TOKEN_NOT_YET_VALID'],
      [{ exp, nbf: now + 1 }, 'ERR_TOKEN_NOT_YET_VALID'],
      [{ exp, nbf: largest }, 'ERR_TOKEN_NOT_YET_VALID'],
      [{ exp, nbf: -largest }, 'accepted'],
      ['{"exp":1000060,"nbf":-0,"iat":-0.0}', 'accepted'],
      [{ exp, iat: now }, 'accepted'],
      [{ exp, iat: now + 0.5 }, 'ERR_TOKEN_ISSUED_IN_FUTURE'],
      [{ exp, iat: now + 1 }, 'ERR_TOKEN_ISSUED_IN_FUTURE'],
      [{ exp, iat: largest }, 'ERR_TOKEN_ISSUED_IN_FUTURE'],
      [{ exp, iat: -largest }, 'accepted'],
      [{ exp, nbf: now + 1, iat: now + 1 }, 'ERR_TOKEN_NOT_YET_VALID'],
      [{ exp: now, nbf: now + 1 }, 'ERR_TOKEN_EXPIRED'],
    ])
  })
})

describe('the tolerance', () => {
  it('counts for exp, nbf and iat, to the second', () => {
    expectVerdicts(
      [
        [{ exp: now - 9 }, 'accepted'],
        [{ exp: now - 9.5 }, 'accepted'],
        [{ exp: now - 10 }, 'ERR_TOKEN_EXPIRED'],
        [{ exp, nbf: now + 10 }, 'accepted'],
        [{ exp, nbf: now + 10.5 }, 'ERR_TOKEN_NOT_YET_VALID'],
        [{ exp, iat: now + 10 }, 'accepted'],
        [{ exp, iat: now + 11 }, 'ERR_TOKEN_ISSUED_IN_FUTURE'],
      ],
      { clockToleranceSeconds: 10 },
    )
  })

  it('may have a fraction', () => {
    expectVerdicts(
      [
        [{ exp: now }, 'accepted'],
        [{ exp: now - 0.5 }, 'ERR_TOKEN_EXPIRED'],
        [{ exp, nbf: now + 0.5 }, 'accepted'],
        [{ exp, nbf: now + 1 }, 'ERR_TOKEN_NOT_YET_VALID'],
      ],
      { clockToleranceSeconds: 0.5 },
    )
  })
})

describe('the longest age', () => {
  it('counts from iat, which must be there', () => {
    expectVerdicts(
      [
        [{ exp, iat: now }, 'accepted'],
        [{ exp, iat: now - 100 }, 'accepted'],
        [{ exp, iat: now - 100.5 }, 'ERR_TOKEN_AGE'],
        [{ exp, iat: now - 101 }, 'ERR_TOKEN_AGE'],
        [{ exp, iat: 0 }, 'ERR_TOKEN_AGE'],
        [{ exp, iat: -largest }, 'ERR_TOKEN_AGE'],
        [{ exp }, 'ERR_TOKEN_CLAIM'],
        [{ exp, nbf: now }, 'ERR_TOKEN_CLAIM'],
        [{ exp, iat: now + 1 }, 'ERR_TOKEN_ISSUED_IN_FUTURE'],
      ],
      { maxAgeSeconds: 100 },
    )
  })

  it('is longer by the tolerance', () => {
    expectVerdicts(
      [
        [{ exp, iat: now - 110 }, 'accepted'],
        [{ exp, iat: now - 111 }, 'ERR_TOKEN_AGE'],
      ],
      { maxAgeSeconds: 100, clockToleranceSeconds: 10 },
    )
  })
})

describe('the longest life', () => {
  it('is from iat to exp, which must both be there', () => {
    expectVerdicts(
      [
        [{ iat: now - 40, exp: now + 60 }, 'accepted'],
        [{ iat: now - 40, exp: now + 60.5 }, 'ERR_TOKEN_LIFETIME'],
        [{ iat: now - 41, exp: now + 60 }, 'ERR_TOKEN_LIFETIME'],
        [{ iat: 0, exp: largest }, 'ERR_TOKEN_LIFETIME'],
        [{ iat: -largest, exp: largest }, 'ERR_TOKEN_LIFETIME'],
        [{ exp: now + 60 }, 'ERR_TOKEN_CLAIM'],
        [{ iat: now }, 'ERR_TOKEN_CLAIM'],
        [{ iat: now - 200, exp: now - 1 }, 'ERR_TOKEN_EXPIRED'],
      ],
      { maxLifetimeSeconds: 100 },
    )
  })

  it('needs exp even where exp is not required, and has no tolerance', () => {
    const options = { maxLifetimeSeconds: 100, requireExp: false, clockToleranceSeconds: 10 }
    const like = [JSON.stringify({ iat: now, exp })]
    expect(judge({ payload: JSON.stringify({ iat: now }), options, like })).toBe('ERR_TOKEN_CLAIM')
    expect(judge({ payload: JSON.stringify({ iat: now, exp: now + 100 }), options, like })).toBe('accepted')
    expect(judge({ payload: JSON.stringify({ iat: now, exp: now + 101 }), options, like })).toBe(
      'ERR_TOKEN_LIFETIME',
    )
  })
})

describe('a clock', () => {
  it.each([NaN, Infinity, undefined, 'x'])('that shows %s makes no token valid', shown => {
    const like: string[] = []
    const options = { now: () => shown as number }
    for (const claims of [
      { exp },
      { exp, nbf: 0 },
      { exp, iat: 0 },
      { exp: largest, nbf: -largest, iat: -largest },
    ])
      expect(judge({ payload: JSON.stringify(claims), options, like })).toMatch(
        /^ERR_TOKEN_(EXPIRED|NOT_YET_VALID)$/,
      )
  })
})
