/** The examples of RFC 7515, RFC 7520 and RFC 7797. */
import { describe, expect, it } from 'vitest'
import { compactVerify, createVerifier, type OctJwk } from '../src/token/index.ts'
import { readVector } from './token-vectors.ts'

interface Cookbook {
  readonly input: { readonly payload: string; readonly key: OctJwk }
  readonly output: { readonly compact: string }
}
const cookbook = (name: string): Cookbook => readVector<Cookbook>(`ietf-cookbook/${name}`)
const withCode = (code: string): unknown => expect.objectContaining({ name: 'TokenError', code })

describe('RFC 7515', () => {
  const { key, a1, a5 } = readVector<{ key: OctJwk; a1: string; a5: string }>('rfc7515/examples.json')
  const verifyAt = (seconds: number): ReturnType<typeof createVerifier> =>
    createVerifier({ keys: [{ ...key, alg: 'HS256' }], now: () => seconds })

  it('A.1 is accepted until its exp', () => {
    expect(verifyAt(1_300_819_379)(a1).payload).toEqual({
      iss: 'joe',
      exp: 1_300_819_380,
      'http://example.com/is_root': true,
    })
    expect(verifyAt(1_300_819_380).result(a1)).toEqual({ ok: false, code: 'ERR_TOKEN_EXPIRED' })
  })

  it('A.5, which is not signed, is refused', () => {
    expect(verifyAt(1_300_819_379).result(a5)).toEqual({ ok: false, code: 'ERR_TOKEN_ALGORITHM' })
  })
})

describe('RFC 7520', () => {
  it('4.4 is accepted', () => {
    const { input, output } = cookbook('4_4.hmac-sha2_integrity_protection.json')
    const { payload, kid } = compactVerify(output.compact, [input.key])
    expect(Buffer.from(payload).toString()).toBe(input.payload)
    expect(kid).toBe(input.key.kid)
  })

  it('4.5, whose payload is detached, is refused', () => {
    const { input, output } = cookbook('4_5.signature_with_detached_content.json')
    expect(() => compactVerify(output.compact, [input.key])).toThrow(withCode('ERR_TOKEN_SIGNATURE'))
  })
})

describe('RFC 7797', () => {
  it('payloads that are not encoded are refused', () => {
    const { input, output } = cookbook('hmac-sha2_b64_false.json')
    expect(() => compactVerify(output.compact, [input.key])).toThrow(withCode('ERR_TOKEN_HEADER'))
  })

  it('4.2 joined to a compact JWS is refused for its segments', () => {
    const example = readVector<{
      input: { key: OctJwk }
      output: { json_flat: { protected: string; payload: string; signature: string } }
    }>('ietf-cookbook/4.2.hmac-sha2_b64_false.json')
    const { protected: header, payload, signature } = example.output.json_flat
    expect(() => compactVerify(`${header}.${payload}.${signature}`, [example.input.key])).toThrow(
      withCode('ERR_TOKEN_MALFORMED'),
    )
  })
})
