/** Tokens whose MAC is right and whose encoding is not: segments, base64url, sizes. */
import { describe, expect, it } from 'vitest'
import { claims, encode, forge, header, judge, keys, macOf, now, payload, seal } from './token-judgement.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const codes = ['ERR_TOKEN_HEADER', 'ERR_TOKEN_PAYLOAD', 'ERR_TOKEN_MALFORMED'] as const

/** The first of a series that has what is wanted. */
function firstOf<Value>(make: (index: number) => Value, isWanted: (value: Value) => boolean): Value {
  for (let index = 0; index < 10_000; index++) {
    const value = make(index)
    if (isWanted(value)) return value
  }
  throw new RangeError('nothing has what is wanted')
}

const hasAll = (segment: string): boolean =>
  ['-', '_', 'A', 'Q'].every(each => segment.slice(1, -1).includes(each))
const withFiller = (object: object, index: number): string =>
  encode(JSON.stringify({ ...object, x: `${index}???>>>~~~@@@`.repeat(3) }))

/** A token that has every special character in every segment. */
const richHeader = firstOf(index => withFiller({ alg: 'HS256', kid: 'a' }, index), hasAll)
const rich = firstOf(
  index => seal(richHeader, withFiller(claims, index)).split('.'),
  segments => segments.every(hasAll),
)

/** The token with one segment changed, under a MAC over the changed text. */
function changed(place: number, segment: string): string {
  const [head = '', body = '', mac = ''] = rich.map((each, index) => (index === place ? segment : each))
  return place === 2 ? `${head}.${body}.${mac}` : seal(head, body)
}

const [headBytes = '', bodyBytes = ''] = rich.map(segment => Buffer.from(segment, 'base64url'))
/** Judged by verifiers that know tokens with this header and these claims. */
const judgeRich = (token: string): string => judge({ header: headBytes, payload: bodyBytes, token })

const middle = (text: string) => (segment: string) => segment.slice(0, 8) + text + segment.slice(8)

describe('base64url', () => {
  it('is accepted in its one form', () => {
    expect(rich).toHaveLength(3)
    expect(judgeRich(rich.join('.'))).toBe('accepted')
  })

  it.each<[string, (segment: string) => string]>([
    ['padding', segment => segment + '='.repeat((4 - (segment.length % 4)) % 4 || 1)],
    ['padding of another length', segment => segment + '==='],
    ['padding in the middle', middle('=')],
    ['padding that is percent-encoded', segment => segment + '%3D'],
    ['a space at the end', segment => segment + ' '],
    ['a space at the beginning', segment => ' ' + segment],
    ['a space in the middle', middle(' ')],
    ['a newline at the end', segment => segment + '\n'],
    ['CRLF in the middle', middle('\r\n')],
    ['a tab', middle('\t')],
    ['NUL at the end', segment => segment + '\0'],
    ['NUL in the middle', middle('\0')],
    ['a character that decoders skip', middle('!')],
    ['a comma', middle(',')],
    ['+ for -', segment => segment.replace('-', '+')],
    ['/ for _', segment => segment.replace('_', '/')],
    ['+ and / for all', segment => segment.replaceAll('-', '+').replaceAll('_', '/')],
    ['a length of 1 mod 4', segment => segment + 'AAAA'.slice((segment.length + 3) % 4)],
    ['one character alone', () => 'e'],
    ['hexadecimal digits of an odd number', () => '7b7d0'],
  ])('is refused with %s, in each segment', (_, change) => {
    for (const [place, code] of codes.entries()) {
      const segment = change(rich[place]!)
      expect(segment).not.toBe(rich[place])
      expect([place, judgeRich(changed(place, segment))]).toEqual([place, code])
      // Under the MAC of the token as it was, nothing of a changed payload is read.
      const copy = rich.with(place, segment).join('.')
      expect([place, judgeRich(copy)]).toEqual([place, place === 1 ? 'ERR_TOKEN_SIGNATURE' : code])
    }
  })

  it.each<[string, (segment: string) => string]>([
    ['a no-break space', middle('\u00a0')],
    ['a zero-width space', middle('\u200b')],
    ['a byte order mark', segment => '\ufeff' + segment],
    ['half a surrogate pair', middle('\ud83d')],
    ['an emoji', middle('😀')],
    ['U+0141 for A, whose low byte is A', segment => segment.replace('A', '\u0141')],
    ['U+0441 for A, whose low byte is A', segment => segment.replace('A', '\u0441')],
    ['U+4E51 for Q, whose low byte is Q', segment => segment.replace('Q', '\u4e51')],
    ['U+00C1 for A, with one more bit', segment => segment.replace('A', '\u00c1')],
    ['a full-width A', segment => segment.replace('A', '\uff21')],
    ['a Cyrillic A', segment => segment.replace('A', '\u0410')],
    ['an en dash for -', segment => segment.replace('-', '\u2013')],
    ['characters beyond ASCII alone', segment => 'é'.repeat(segment.length)],
  ])('is ASCII, so that %s is refused before anything is decoded', (_, change) => {
    for (const place of codes.keys()) {
      const segment = change(rich[place]!)
      expect(segment).not.toBe(rich[place])
      expect([place, judgeRich(changed(place, segment))]).toEqual([place, 'ERR_TOKEN_MALFORMED'])
      expect([place, judgeRich(rich.with(place, segment).join('.'))]).toEqual([place, 'ERR_TOKEN_MALFORMED'])
    }
  })

  it('is refused where decoders skip characters, though white space may be left from the payload before', () => {
    const like = [payload + ' '.repeat(100)]
    for (const spaces of [1, 2, 3])
      for (const skipped of [' ', '=', '!', '\n', '\0', '~'])
        for (const times of [1, 2, 3]) {
          const body = middle(skipped.repeat(times))(encode(payload + ' '.repeat(spaces)))
          expect(judge({ token: seal(encode(header), body), like })).toBe('ERR_TOKEN_PAYLOAD')
        }
  })

  it('is refused with another last character that decodes to the same bytes, in each segment', () => {
    for (const alg of ['HS256', 'HS512'] as const) {
      const key = keys.find(each => each.alg === alg)!
      for (const left of [2, 3]) {
        const hasLength = (segment: string): boolean => segment.length % 4 === left
        const padded = (object: object): string =>
          firstOf(index => encode(JSON.stringify({ ...object, x: 'x'.repeat(index) })), hasLength)
        const head = padded({ alg, kid: key.kid })
        const body = padded(claims)
        const segments = seal(head, body, key).split('.')
        for (const [place, code] of codes.entries()) {
          const segment = segments[place]!
          const others = [...alphabet]
            .map(last => segment.slice(0, -1) + last)
            .filter(each => each !== segment && encode(Buffer.from(each, 'base64url')) === segment)
          expect(others).toHaveLength(segment.length % 4 === 2 ? 15 : 3)
          for (const other of others) {
            const [one = '', two = '', three] = segments.with(place, other)
            const token = place === 2 ? `${one}.${two}.${three}` : seal(one, two, key)
            expect(judge({ token, key })).toBe(code)
          }
        }
      }
    }
  }, 60_000)
})

describe('segments', () => {
  const token = forge(header, payload)
  const [head = '', body = '', mac = ''] = token.split('.')
  const input = `${head}.${body}`

  it.each<[string, string, string]>([
    ['nothing', '', 'ERR_TOKEN_MALFORMED'],
    ['white space', ' ', 'ERR_TOKEN_MALFORMED'],
    ['one segment', head, 'ERR_TOKEN_MALFORMED'],
    ['two segments', input, 'ERR_TOKEN_MALFORMED'],
    ['four segments', `${token}.`, 'ERR_TOKEN_MALFORMED'],
    ['an empty segment first', `.${token}`, 'ERR_TOKEN_MALFORMED'],
    ['two dots together', `${head}..${body}.${mac}`, 'ERR_TOKEN_MALFORMED'],
    ['five segments, as a JWE has', `${token}.${body}.${mac}`, 'ERR_TOKEN_MALFORMED'],
    ['thousands of dots', '.'.repeat(8_000), 'ERR_TOKEN_MALFORMED'],
    ['two tokens', `${token}.${token}`, 'ERR_TOKEN_MALFORMED'],
    ['two tokens with a comma between', `${token},${token}`, 'ERR_TOKEN_MALFORMED'],
    [
      'the JSON serialisation',
      JSON.stringify({ protected: head, payload: body, signature: mac }),
      'ERR_TOKEN_MALFORMED',
    ],
    ['a full-width dot', token.replace('.', '\uff0e'), 'ERR_TOKEN_MALFORMED'],
    ['U+012E for a dot', token.replace('.', '\u012e'), 'ERR_TOKEN_MALFORMED'],
    ['two dots alone', '..', 'ERR_TOKEN_HEADER'],
    ['no header', seal('', body), 'ERR_TOKEN_HEADER'],
    ['an authorization scheme', `Bearer ${token}`, 'ERR_TOKEN_HEADER'],
    ['quotes around it', `"${token}"`, 'ERR_TOKEN_HEADER'],
    ['a newline after it', `${token}\n`, 'ERR_TOKEN_MALFORMED'],
    ['no payload', seal(head, ''), 'ERR_TOKEN_PAYLOAD'],
    ['no signature', `${input}.`, 'ERR_TOKEN_SIGNATURE'],
  ])('of %s are refused', (_, text, code) => {
    expect(judge({ token: text })).toBe(code)
  })

  it.each<[string, Uint8Array]>([
    ['31 bytes', macOf(input).subarray(0, 31)],
    ['16 bytes', macOf(input).subarray(0, 16)],
    ['1 byte', macOf(input).subarray(0, 1)],
    ['33 bytes', Buffer.concat([macOf(input), Buffer.alloc(1)])],
    ['64 bytes, the first 32 right', Buffer.concat([macOf(input), macOf(input)])],
    ['zeros', Buffer.alloc(32)],
    ['the bytes in reverse', macOf(input).reverse()],
    ['hexadecimal digits', macOf(input).toString('hex') as unknown as Uint8Array],
    ['another hash', macOf(input, { ...keys[0], alg: 'HS512' })],
    ['another hash, cut to length', macOf(input, { ...keys[0], alg: 'HS512' }).subarray(0, 32)],
    ['the key of another kid', macOf(input, { ...keys[1], alg: 'HS256' })],
    ['an empty key', macOf(input, { alg: 'HS256', secret: '' })],
    ['the header alone', macOf(head)],
    ['the payload alone', macOf(body)],
    ['what is encoded', macOf(`${header}.${payload}`)],
    ['a dot more', macOf(`${input}.`)],
  ])('with a signature of %s are refused', (_, bytes) => {
    expect(judge({ token: `${input}.${encode(bytes)}` })).toBe('ERR_TOKEN_SIGNATURE')
  })
})

describe('size', () => {
  /** A token of exactly that many bytes; its header and payload are padded with white space. */
  function tokenOf(bytes: number): string {
    const room = Math.floor(((bytes - 110) * 3) / 4)
    return firstOf(
      index => forge(header + ' '.repeat(index % 3), payload.padEnd(room + Math.floor(index / 3))),
      token => token.length === bytes,
    )
  }

  it('is at most 8,192 bytes', () => {
    expect(judge({ token: tokenOf(8_191), like: [payload] })).toBe('accepted')
    expect(judge({ token: tokenOf(8_192), like: [payload] })).toBe('accepted')
    expect(judge({ token: tokenOf(8_193) })).toBe('ERR_TOKEN_TOO_LARGE')
    expect(judge({ token: tokenOf(100_000) })).toBe('ERR_TOKEN_TOO_LARGE')
    expect(judge({ token: '.'.repeat(2 ** 20) })).toBe('ERR_TOKEN_TOO_LARGE')
  })

  it('is at most what the verifier is given', () => {
    const token = tokenOf(1_000)
    const like = [JSON.stringify({ exp: now + 5 })]
    expect(judge({ token, like, options: { maxTokenBytes: 1_000 } })).toBe('accepted')
    expect(judge({ token, like, options: { maxTokenBytes: 999 } })).toBe('ERR_TOKEN_TOO_LARGE')
    expect(judge({ token: tokenOf(20_000), like, options: { maxTokenBytes: 20_000 } })).toBe('accepted')
  })
})
