/** HMAC keys: bound to an algorithm, never shorter than its hash, compared whole, and the same by both methods. */
import { createHash, createHmac, randomBytes, randomInt } from 'node:crypto'
import { inspect } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { HmacKey } from './hmac.ts'
import { loadText } from './signing-buffer.ts'

const sizes = [
  ['HS256', 32, 'sha256'],
  ['HS384', 48, 'sha384'],
  ['HS512', 64, 'sha512'],
] as const
const input = Buffer.from('input')

/** Whether `input` with that MAC behind a dot is taken for signed. */
function verifies(key: HmacKey, mac: string, text = 'input'): boolean {
  loadText(`${text}.${mac}`)
  return key.verifiesLoaded(text.length, text.length + 1 + mac.length)
}

describe('HmacKey', () => {
  it.each(sizes)('refuses a key for %s that is shorter than %i bytes', (alg, size) => {
    const weak = expect.objectContaining({ name: 'ConfigError', code: 'ERR_CONFIG_SECRET_WEAK' })
    for (const length of [0, 1, size - 1]) expect(() => new HmacKey(alg, randomBytes(length))).toThrow(weak)
    expect(Buffer.from(new HmacKey(alg, randomBytes(size)).macOf(input), 'base64url')).toHaveLength(size)
  })

  it.each(sizes)('for %s accepts the whole MAC and nothing else', alg => {
    const key = new HmacKey(alg, randomBytes(64))
    const mac = key.macOf(input)
    expect(key.macLength).toBe(mac.length)
    expect(verifies(key, mac)).toBe(true)
    expect(verifies(key, mac, 'Input')).toBe(false)
    for (let length = 0; length < mac.length; length++)
      expect(verifies(key, mac.slice(0, length))).toBe(false)
    for (const end of ['A', '=', ' ', '\n']) expect(verifies(key, mac + end)).toBe(false)
    for (let at = 0; at < mac.length; at++)
      for (const other of 'AQgw-_./=')
        if (other !== mac[at]) expect(verifies(key, mac.slice(0, at) + other + mac.slice(at + 1))).toBe(false)
  })

  it('keeps its bytes when the array they came in is erased, and shows none', () => {
    const bytes = Buffer.from('k'.repeat(64))
    const key = new HmacKey('HS256', bytes)
    const before = key.macOf(input)
    bytes.fill(0)
    expect(key.macOf(input)).toEqual(before)
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

describe('the two methods', () => {
  it.each(sizes)('give the MAC that node:crypto gives, for %s keys of 1 to 200 bytes', (alg, _, name) => {
    for (let size = 1; size <= 200; size++) {
      const secret = randomBytes(size)
      const keys = (['hash', 'createHmac'] as const).map(
        method => new HmacKey(alg, secret, { legacy: true, method }),
      )
      for (const length of [0, 1, 63, 64, 65, randomInt(8193), 8192]) {
        const message = randomBytes(length)
        const expected = createHmac(name, secret).update(message).digest('base64url')
        expect(keys.map(key => key.macOf(message))).toEqual([expected, expected])
      }
    }
  })

  it.each(sizes)('give the same MAC for %s messages of 0 to 8,192 bytes and beyond', (alg, size, name) => {
    const secret = randomBytes(size)
    const keys = (['hash', 'createHmac'] as const).map(method => new HmacKey(alg, secret, { method }))
    const bytes = randomBytes(70_000)
    for (const length of [...Array.from({ length: 2049 }, (_, index) => index * 4), 8193, 20_000, 70_000]) {
      const message = bytes.subarray(bytes.length - length)
      const expected = createHmac(name, secret).update(message).digest('base64url')
      for (const key of keys) if (key.macOf(message) !== expected) expect.fail(`${length} bytes differ`)
    }
  })

  it('do not mix keys up that take turns', () => {
    const secrets = Array.from({ length: 6 }, () => randomBytes(64))
    const keys = secrets.map((secret, index) => new HmacKey(index % 2 === 0 ? 'HS256' : 'HS512', secret))
    for (let round = 0; round < 200; round++) {
      const at = randomInt(keys.length)
      const message = randomBytes(randomInt(300))
      const expected = createHmac(at % 2 === 0 ? 'sha256' : 'sha512', secrets[at]!).update(message)
      expect(keys[at]!.macOf(message)).toBe(expected.digest('base64url'))
    }
  })
})

describe('KEYTURN_HMAC', () => {
  afterEach(() => {
    delete process.env['KEYTURN_HMAC']
  })

  it('chooses the method', () => {
    const secret = randomBytes(32)
    const expected = createHmac('sha256', secret).update(input).digest('base64url')
    for (const method of ['', 'hash', 'createHmac']) {
      process.env['KEYTURN_HMAC'] = method
      expect(new HmacKey('HS256', secret).macOf(input)).toBe(expected)
    }
  })

  it('is refused when it names another', () => {
    process.env['KEYTURN_HMAC'] = 'openssl'
    const invalid = expect.objectContaining({ name: 'ConfigError', code: 'ERR_CONFIG_INVALID' })
    expect(() => new HmacKey('HS256', randomBytes(32))).toThrow(invalid)
  })
})
