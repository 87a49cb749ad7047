/** Base64url without padding, one encoding for each value. RFC 7515 §2, RFC 4648 §3.5 and §5. */

/** The base64url text of bytes, or of a text's UTF-8 bytes. */
export function encodeBase64url(value: Uint8Array | string): string {
  const bytes =
    typeof value === 'string'
      ? Buffer.from(value, 'utf8')
      : Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  return bytes.toString('base64url')
}

/** The bytes of a base64url text, or undefined unless it is exactly what `encodeBase64url` makes of them. */
export function decodeBase64url(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64url')
  // Node skips what it does not know: padding, white space, other letters, stray last bits. Encoding the
  // bytes again finds every one of them, so no two texts decode to the same bytes.
  if (bytes.toString('base64url') !== text) return undefined
  // A copy of its own: small buffers are slices of a pool that other secrets pass through.
  return new Uint8Array(bytes)
}
