/** decodeText, encodeText: a file's text, even where a line is not UTF-8, and the same octets back. */
import { isUtf8 } from 'node:buffer'

/** An octet that is no UTF-8 stands as half a character, which no UTF-8 text can hold. */
const firstStray = 0xdc00
const stray = /[\udc80-\udcff]/gu

/** The text. In a line that is not UTF-8 every octet above 127 is half a character of its own. */
export function decodeText(bytes: Uint8Array): string {
  const all = Buffer.from(bytes)
  if (isUtf8(all)) return all.toString('utf8')
  let text = ''
  for (let at = 0; at < all.length;) {
    const feed = all.indexOf(0x0a, at)
    const end = feed < 0 ? all.length : feed + 1
    const line = all.subarray(at, end)
    text += isUtf8(line)
      ? line.toString('utf8')
      : line
          .toString('latin1')
          .replaceAll(/[\x80-\xff]/g, octet => String.fromCharCode(firstStray + octet.charCodeAt(0)))
    at = end
  }
  return text
}

/** The octets that {@link decodeText} read. */
export function encodeText(text: string): Buffer {
  const pieces: Buffer[] = []
  let at = 0
  for (const { index } of text.matchAll(stray)) {
    pieces.push(Buffer.from(text.slice(at, index)), Buffer.of(text.charCodeAt(index) - firstStray))
    at = index + 1
  }
  return Buffer.concat([...pieces, Buffer.from(text.slice(at))])
}
