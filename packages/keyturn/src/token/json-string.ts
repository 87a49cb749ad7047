/** unusualString: a JSON string with escapes, or beyond ASCII, or one that is not valid. RFC 8259 §7, §8.1. */
import { isUtf8 } from 'node:buffer'

const escaped: ReadonlySet<number | undefined> = new Set(Buffer.from('"\\/bfnrt'))

/**
 * Reads a string to the quote that ends it.
 * @param start index of its first byte
 * @param from index of the first byte that is not plain text
 * @param end index behind the last byte of the input, where a zero is
 * @returns the text and where its quote is; or what is wrong with it
 */
export function unusualString(
  input: Buffer,
  start: number,
  from: number,
  end: number,
): { readonly text: string; readonly stop: number } | string {
  let isEscaped = false
  let isAscii = true
  let stop = from
  for (; input[stop] !== 0x22; stop += 1) {
    const byte = input[stop] ?? 0
    if (byte < 0x20) return stop < end ? 'a string is not valid' : 'a string has no end'
    if (byte > 0x7f) isAscii = false
    if (byte !== 0x5c) continue
    isEscaped = true
    stop += 1
    if (escaped.has(input[stop])) continue
    if (!isUnicodeEscape(input, stop)) return 'a string is not valid'
    stop += 4
  }
  if (!isAscii && !isUtf8(input.subarray(start, stop))) return 'it is not UTF-8'
  const text = input.toString('utf8', start, stop)
  // Nothing is left that JSON.parse could refuse.
  return { text: isEscaped ? (JSON.parse(`"${text}"`) as string) : text, stop }
}

/** Whether a u and four hexadecimal digits come next. */
function isUnicodeEscape(input: Buffer, at: number): boolean {
  return /^u[0-9a-fA-F]{4}/.test(input.toString('latin1', at, at + 5))
}
