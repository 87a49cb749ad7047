/** A strict JSON parser with bounds, for input that is not trusted. RFC 8259, RFC 7493 §2.3. */
import { decodeBase64urlInto } from './base64url.ts'
import { numberAt, plainTextEnd } from './json-scan.ts'
import { beginning, type ExpectedName, type Member } from './json-shape.ts'
import { unusualString } from './json-string.ts'
import { NotJson } from './json-value.ts'
import { rawBuffer, type RawBuffer } from './raw-buffer.ts'

/** Objects and arrays may nest this deep; the outermost is 1. */
export const maxDepth = 8

/**
 * Parses a segment of a token, an ASCII text, as RFC 8259 has it, and refuses what the RFC leaves open: a name that
 * comes twice, numbers that are not finite, more than `maxDepth` levels or `maxMembers` members, and `forbiddenNames`.
 * @param isTrusted whether somebody with a key has signed it: only then its member names may be kept
 */
export function parseSegment(segment: string, isTrusted: boolean): unknown {
  reserve(segment.length)
  const length = decodeBase64urlInto(input, segment)
  return length < 0 ? new NotJson('it is not base64url') : parse(length, isTrusted)
}

// One parse at a time, without callbacks: so its state can live here, and nothing is allocated for it.
let input: RawBuffer
let words: DataView
/** Index behind the last byte. A zero stands there, so that no loop needs to look where the end is. */
let end = 0
/** Index of the next byte. */
let at = 0
let isTrustedInput = false
/** The input, one character for each byte; its ASCII parts are right. */
let latin1: string | undefined
/** Values of members whose object is not complete. */
const values: unknown[] = []
let top = 0
let fault = ''
const failed = Symbol('not JSON')

function reserve(size: number): void {
  // Words are read at any byte up to the zero.
  if (input !== undefined && size + 8 <= input.length) return
  input = rawBuffer(Math.max(size, 8192) + 8)
  words = new DataView(input.buffer, input.byteOffset, input.length)
}

function parse(length: number, isTrusted: boolean): unknown {
  end = length
  input[end] = 0
  at = 0
  isTrustedInput = isTrusted
  latin1 = undefined
  top = 0
  const value = parseValue(1)
  if (value === failed) return new NotJson(fault)
  skipWhiteSpace()
  return at < end ? new NotJson('something follows the JSON value') : value
}

function fail(what: string): typeof failed {
  fault = what
  return failed
}

function parseValue(depth: number): unknown {
  switch (nextByte()) {
    case 0x22:
      return parseString()
    case 0x7b:
      return depth > maxDepth ? tooDeep() : parseObject(depth)
    case 0x5b:
      return depth > maxDepth ? tooDeep() : parseArray(depth)
    case 0x74:
    case 0x66:
    case 0x6e:
      return parseLiteral()
    default:
      return parseNumber()
  }
}

const tooDeep = (): typeof failed => fail(`it nests deeper than ${maxDepth} levels`)

function parseObject(depth: number): unknown {
  at += 1
  skipWhiteSpace()
  if (input[at] === 0x7d) {
    at += 1
    return {}
  }
  let member = beginning
  for (;;) {
    const next = parseName(member)
    if (next === failed) return failed
    member = next
    const value = parseValue(depth + 1)
    if (value === failed) return failed
    values[top] = value
    top += 1
    const byte = nextByte()
    if (byte !== 0x2c && byte !== 0x7d) return fail('a , or } is missing')
    at += 1
    if (byte === 0x7d) return objectOf(member)
  }
}

/** Takes the values of the members up to the last one. */
function objectOf(last: Member): Record<string, unknown> {
  const object = last.object()
  for (let member = last; member.before; member = member.before) {
    top -= 1
    object[member.name] = values[top]
  }
  return object
}

/** Reads a name with its colon. */
function parseName(before: Member): Member | typeof failed {
  const expected = before.next
  if (expected && startsWith(expected)) {
    at += expected.length
    return expected.member
  }
  if (nextByte() !== 0x22) return fail('the name of a member is missing')
  const name = parseString()
  if (typeof name !== 'string') return failed
  if (nextByte() !== 0x3a) return fail('a : is missing')
  at += 1
  const member = before.after(name, isTrustedInput)
  return typeof member === 'string' ? fail(member) : member
}

/** Whether `"name":` comes next. It cannot match beyond the end: no name has a zero in it. */
function startsWith({ words: name, length }: ExpectedName): boolean {
  const last = name.length - 1
  for (let index = 0; index < last; index += 1)
    if (words.getInt32(at + index * 4, true) !== name[index]) return false
  return words.getInt32(at + length - 4, true) === name[last]
}

function parseArray(depth: number): unknown {
  at += 1
  const elements: unknown[] = []
  skipWhiteSpace()
  if (input[at] === 0x5d) {
    at += 1
    return elements
  }
  for (;;) {
    const element = parseValue(depth + 1)
    if (element === failed) return failed
    elements.push(element)
    const byte = nextByte()
    if (byte !== 0x2c && byte !== 0x5d) return fail('a , or ] is missing')
    at += 1
    if (byte === 0x5d) return elements
  }
}

function parseString(): unknown {
  const start = at + 1
  const stop = plainTextEnd(input, start)
  if (input[stop] !== 0x22) {
    const read = unusualString(input, start, stop, end)
    if (typeof read === 'string') return fail(read)
    at = read.stop + 1
    return read.text
  }
  at = stop + 1
  latin1 ??= input.latin1Slice(0, end)
  return latin1.slice(start, stop)
}

function parseNumber(): unknown {
  let value = 0
  let stop = at
  for (let byte = input[stop] ?? 0; byte >= 0x30 && byte <= 0x39; byte = input[stop] ?? 0) {
    value = value * 10 + byte - 0x30
    stop += 1
  }
  const length = stop - at
  const next = input[stop]
  const isPlain = length > 0 && length < 16 && (input[at] !== 0x30 || length === 1)
  if (isPlain && next !== 0x2e && next !== 0x65 && next !== 0x45) {
    at = stop
    return value
  }
  return parseUnusualNumber()
}

/** A number that is not a whole number of at most 15 digits, or no number at all. */
function parseUnusualNumber(): unknown {
  latin1 ??= input.latin1Slice(0, end)
  const digits = numberAt(latin1, at)
  if (digits === undefined) return fail('a JSON value is missing')
  at += digits.length
  const value = Number(digits)
  return Number.isFinite(value) ? value : fail('a number is too large')
}

const literals = [true, false, null]

function parseLiteral(): unknown {
  for (const literal of literals) {
    const { length } = `${literal}`
    if (input.latin1Slice(at, at + length) !== `${literal}`) continue
    at += length
    return literal
  }
  return fail('a JSON value is missing')
}

/** The next byte that is not white space; `at` is there. */
function nextByte(): number | undefined {
  const byte = input[at]
  if (byte === undefined || byte > 0x20) return byte
  skipWhiteSpace()
  return input[at]
}

function skipWhiteSpace(): void {
  for (let byte = input[at] ?? 0; byte <= 0x20; byte = input[at] ?? 0) {
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return
    at += 1
  }
}
