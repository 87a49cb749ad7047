/** Base64url without padding, one encoding for each value. RFC 7515 §2, RFC 4648 §3.5 and §5. */
import { rawBuffer, type RawBuffer } from './raw-buffer.ts'

/** Where short texts are encoded and looked at, so that no buffer is made for each. */
const scratch = rawBuffer(8192)

/** The base64url text of bytes, or of a text's UTF-8 bytes. */
export function encodeBase64url(value: string | Uint8Array): string {
  if (typeof value !== 'string')
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64url')
  // A UTF-16 unit has at most three bytes of UTF-8.
  if (value.length * 3 > scratch.length) return Buffer.from(value).toString('base64url')
  return scratch.base64urlSlice(0, scratch.utf8Write(value, 0))
}

/** The bytes of a base64url text, or undefined unless it is exactly what `encodeBase64url` makes of them. */
export function decodeBase64url(text: string): Uint8Array | undefined {
  // A copy of its own: small buffers are slices of a pool that other secrets pass through.
  return isBase64url(text) ? new Uint8Array(Buffer.from(text, 'base64url')) : undefined
}

const alphabet = /^[\w-]*$/

/** Whether a text is exactly what `encodeBase64url` makes of some bytes. */
export function isBase64url(text: string): boolean {
  return alphabet.test(text) && isEndCanonical(text)
}

/**
 * Decodes an ASCII text to the beginning of a buffer that has room for it. Returns the number of bytes, or -1
 * unless `isBase64url`.
 */
export function decodeBase64urlInto(buffer: RawBuffer, text: string): number {
  const size = Math.floor((text.length * 3) / 4)
  // Node skips what it does not know, so that fewer bytes come out; but it takes + and / for - and _. Beyond ASCII
  // it looks at the low byte alone, so that U+0141 would be an A: such a text must not come here.
  if (buffer.base64urlWrite(text, 0) !== size || text.includes('+') || text.includes('/')) return -1
  return isEndCanonical(text) ? size : -1
}

/** Whether the bits of the last character that belong to no byte are zero. */
function isEndCanonical(text: string): boolean {
  const rest = text.length % 4
  if (rest === 0) return true
  if (rest === 1) return false
  return (rest === 2 ? 'AQgw' : 'AEIMQUYcgkosw048').includes(text.charAt(text.length - 1))
}
