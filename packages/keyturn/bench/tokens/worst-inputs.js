/** The most expensive inputs known, each made as long as wanted: from strangers, and from somebody who holds the key. */
// @ts-check
import { headerOf, makeKeys, signRaw } from './sample-tokens.js'

/** @typedef {{ title: string, make: (length: number) => string, options?: object }} WorstInput of at most `length` characters */

const [key] = makeKeys(1)
const [stranger] = makeKeys(1)
/** A full one, with different kids. */
export const ring = [key, ...makeKeys(32).slice(1)]

const header = headerOf(key)
const macLength = 43
const exp = '"exp":9999999999'

/** Bytes that fit into so many characters of base64url. @param {number} length */
const bytesIn = length => Math.floor((length * 3) / 4)

/** @param {unknown} value */
const encodedLength = value => Math.ceil((Buffer.byteLength(JSON.stringify(value)) * 4) / 3)

/**
 * As many units between head and tail as fit.
 * @param {string} head @param {(index: number) => string} unit @param {string} tail @param {number} bytes
 */
function fill(head, unit, tail, bytes) {
  const parts = [head]
  let left = bytes - Buffer.byteLength(head + tail)
  for (let index = 0; ; index++) {
    const next = unit(index)
    left -= Buffer.byteLength(next)
    if (left < 0) return parts.join('') + tail
    parts.push(next)
  }
}

/** A token with a right MAC over whatever payload. @param {string} title @param {(bytes: number) => string | Buffer} payload @returns {WorstInput} */
const signed = (title, payload) => ({
  title: `right MAC: ${title}`,
  make: length => signRaw(key, header, payload(bytesIn(length - encodedLength(header) - 2 - macLength))),
})

/** One member `a`, a list of as many units as fit. @param {string} title @param {(index: number) => string} unit */
const listOf = (title, unit) =>
  signed(title, bytes => fill(`{${exp},"a":[0`, index => `,${unit(index)}`, ']}', bytes))

/** A header that is long, a short payload, no MAC. @param {string} title @param {(bytes: number) => string} text @returns {WorstInput} */
const headed = (title, text) => ({
  title: `header: ${title}`,
  make: length => {
    const rest = `.e30.${'A'.repeat(macLength)}`
    return Buffer.from(text(bytesIn(length - rest.length))).toString('base64url') + rest
  },
})

/** @param {string} title @param {(length: number) => string} make @returns {WorstInput} */
const raw = (title, make) => ({ title, make })

/** @param {string} unit @param {number} length */
const only = (unit, length) => unit.repeat(Math.floor(length / unit.length))

const encodedHeader = Buffer.from(JSON.stringify(header)).toString('base64url')
const tail = `.${'A'.repeat(macLength)}`
const frame = `${encodedHeader}.`.length + tail.length

const members = (/** @type {number} */ index) => `"${index.toString(36)}":0`
const object64 = `{${Array.from({ length: 64 }, (_, index) => members(index)).join()}}`

/** @type {readonly WorstInput[]} */
export const worstInputs = [
  raw('dots', length => only('.', length)),
  raw('letters, no dot', length => only('A', length)),
  raw('signature too long', length => `${encodedHeader}.e30.${only('A', length - encodedHeader.length - 5)}`),
  raw('payload of letters, no MAC', length => `${encodedHeader}.${only('A', length - frame)}${tail}`),
  raw('payload beyond ASCII', length => `${encodedHeader}.${only('é', length - frame)}${tail}`),
  raw('payload of U+0141', length => `${encodedHeader}.${only('\u0141', length - frame)}${tail}`),
  raw('payload of lone surrogates', length => `${encodedHeader}.${only('\ud800', length - frame)}${tail}`),
  raw('forged', length =>
    signRaw(
      stranger,
      header,
      fill(`{${exp},"a":"`, () => 'a', '"}', bytesIn(length - frame)),
    ),
  ),
  raw('forged, no kid, 32 keys', length =>
    signRaw(
      stranger,
      { alg: 'HS256' },
      fill(
        `{${exp},"a":"`,
        () => 'a',
        '"}',
        bytesIn(length - encodedLength({ alg: 'HS256' }) - 2 - macLength),
      ),
    ),
  ),
  headed('unknown kid', bytes => fill('{"alg":"HS256","kid":"', () => 'a', '"}', bytes)),
  headed('arrays, deep', bytes => nested('{"alg":"HS256","a":', '[', '0', ']', '}', bytes)),
  headed('many members', bytes => fill('{"alg":"HS256"', index => `,${members(index)}`, '}', bytes)),
  headed('one member again and again', bytes => fill('{"alg":"HS256"', () => ',"a":0', '}', bytes)),
  headed('escapes', bytes => fill('{"alg":"HS256","a":"', () => '\\u0061', '"}', bytes)),
  headed('many short strings', bytes => fill('{"alg":"HS256","a":[0', () => ',""', ']}', bytes)),
  headed('white space', bytes => fill('{', () => ' ', '"alg":"HS256"}', bytes)),
  headed('beyond ASCII', bytes => fill('{"alg":"HS256","a":"', () => '€', '"}', bytes)),
  signed('arrays, deep', bytes => nested(`{${exp},"a":`, '[', '0', ']', '}', bytes)),
  signed('objects, deep', bytes => nested(`{${exp},"a":`, '{"a":', '0', '}', '}', bytes)),
  signed('many members', bytes => fill(`{${exp}`, index => `,${members(index)}`, '}', bytes)),
  signed('one member again and again', bytes => fill(`{${exp}`, () => ',"a":0', '}', bytes)),
  signed('one long string', bytes => fill(`{${exp},"a":"`, () => 'a', '"}', bytes)),
  signed('escapes', bytes => fill(`{${exp},"a":"`, () => '\\u0061', '"}', bytes)),
  signed('escaped backslashes', bytes => fill(`{${exp},"a":"`, () => '\\\\', '"}', bytes)),
  signed('a name of escapes', bytes => fill(`{${exp},"`, () => '\\u0061', '":0}', bytes)),
  signed('two bytes for each character', bytes => fill(`{${exp},"a":"`, () => 'é', '"}', bytes)),
  signed('four bytes for each character', bytes => fill(`{${exp},"a":"`, () => '😀', '"}', bytes)),
  signed('not UTF-8 at its end', bytes =>
    Buffer.concat([Buffer.from(fill(`{${exp},"a":"`, () => 'a', '"', bytes - 2)), Buffer.of(0xff, 0x7d)]),
  ),
  signed('white space', bytes => fill('{', () => ' ', `${exp}}`, bytes)),
  signed('one long number', bytes => fill(`{${exp},"a":0.`, () => '9', '}', bytes)),
  signed('no end', bytes => fill(`{${exp},"a":"`, () => 'a', '', bytes)),
  listOf('many numbers', () => '0'),
  listOf('many short strings', () => '""'),
  listOf('many escaped strings', () => '"\\n"'),
  listOf('many objects', () => '{}'),
  listOf('objects of 64 members', () => object64),
  listOf('arrays six deep', () => '[[[[[[0]]]]]]'),
  listOf('objects six deep', () => '{"a":{"a":{"a":{"a":{"a":{"a":0}}}}}}'),
  {
    ...signed('a long audience', bytes => fill(`{${exp},"aud":["a"`, () => ',"b"', ']}', bytes)),
    options: { audience: 'c' },
  },
]

/** Twice as deep for twice as many bytes. @param {string} head @param {string} open @param {string} core @param {string} close @param {string} end @param {number} bytes */
function nested(head, open, core, close, end, bytes) {
  const depth = Math.floor((bytes - head.length - core.length - end.length) / (open.length + close.length))
  return head + open.repeat(depth) + core + close.repeat(depth) + end
}
