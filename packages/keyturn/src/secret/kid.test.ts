/** The kid, against values that OpenSSL computed. */
import { describe, expect, it } from 'vitest'
import { generateSecret } from './generate.ts'
import { kidOf } from './kid.ts'

describe('kidOf', () => {
  it('computes what every other implementation does', () => {
    // printf keyturn/kid/v1 | openssl dgst -sha256 -hmac "$SECRET" -binary | base64 | tr '+/' '-_' | head -c 16
    expect(kidOf('a'.repeat(64))).toBe('8DDb2cx_gTwn7ttd')
    expect(kidOf('Schlüssel')).toBe('v9J3ralBMk4ogyhA')
  })

  it('is 16 characters that any header, URL and file name can carry', () => {
    for (let round = 0; round < 100; round++) expect(kidOf(generateSecret())).toMatch(/^[A-Za-z0-9_-]{16}$/)
  })

  it('tells secrets apart by a single character', () => {
    const secret = generateSecret()
    const other = (secret.startsWith('a') ? 'b' : 'a') + secret.slice(1)
    expect(kidOf(other)).not.toBe(kidOf(secret))
  })
})
