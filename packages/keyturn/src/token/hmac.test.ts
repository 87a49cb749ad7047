/** HMAC keys: bound to an algorithm, never shorter than its hash, compared whole. */
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createHash, randomBytes } from 'node:crypto'
import { HmacKey } from './hmac.ts'

const sizes = [
  ['HS256', 32],
  ['HS384', 48],
  ['HS512', 64],
] as const

describe('HmacKey', () => {
  it.each(sizes)('refuses a key for %s that is shorter than %i bytes', (alg, size) => {
    const weak = expect.objectContaining({ name: 'ConfigError', code: 'ERR_CONFIG_SECRET_WEAK' })
    for (const length of [0, 1, size - 1]) expect(() => new HmacKey(alg, randomBytes(length))).toThrow(weak)
    expect(new HmacKey(alg, randomBytes(size)).mac('x')).toHaveLength(size)
  })

  it.each(sizes)('for %s accepts the whole MAC and nothing else', (alg, size) => {
    const key = new HmacKey(alg, randomBytes(64))
    const mac = key.mac('input')
    expect(key.verifies('input', mac)).toBe(true)
    expect(key.verifies('Input', mac)).toBe(false)
    for (let length = 0; length < size; length++)
      expect(key.verifies('input', mac.subarray(0, length))).toBe(false)
    expect(key.verifies('input', Uint8Array.of(...mac, 0))).toBe(false)
    for (let bit = 0; bit < size * 8; bit++) {
      const flipped = Uint8Array.from(mac)
      flipped[bit >> 3]! ^= 1 << (bit & 7)
      expect(key.verifies('input', flipped)).toBe(false)
    }
  })

  it('keeps its bytes when the array they came in is erased, and shows none', () => {
    const bytes = Buffer.from('k'.repeat(64))
    const key = new HmacKey('HS256', bytes)
    const before = key.mac('input')
    bytes.fill(0)
    expect(key.mac('input')).toEqual(before)
    expect(inspect(key, { showHidden: true, depth: 9 }) + JSON.stringify(key)).not.toMatch(/kkkk|6b6b|6b 6b/)
  })

  it('marks keys that HMAC cannot tell apart alike', () => {
    const bytes = randomBytes(40)
    const long = randomBytes(200)
    const hash = (name: string): Buffer => createHash(name).update(long).digest()
    const marks = (alg: 'HS256' | 'HS512', key: Uint8Array): readonly string[] =>
      new HmacKey(alg, key).marks()
    expect(marks('HS256', Buffer.concat([bytes, Buffer.alloc(5)]))).toEqual(marks('HS256', bytes))
    expect(marks('HS256', hash('sha256'))).toEqual(marks('HS256', long))
    expect(marks('HS512', hash('sha512'))).toContain(marks('HS512', long)[0])
    expect(marks('HS512', long)).toContain(marks('HS256', long)[0])
    expect(marks('HS256', randomBytes(40))).not.toEqual(marks('HS256', bytes))
  })
})
