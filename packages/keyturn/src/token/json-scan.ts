/** plainTextEnd, numberAt: what comes next in a JSON text. */

/**
 * Index of the first byte from `from` on that is a quote, a backslash, a control character or not ASCII. There must
 * be one.
 */
export function plainTextEnd(bytes: Buffer, from: number): number {
  for (let at = from; ; at += 1) {
    const byte = bytes[at] ?? 0
    if (byte === 0x22 || byte === 0x5c || byte < 0x20 || byte > 0x7f) return at
  }
}

const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y

/** The number that begins at that index, if one does. RFC 8259 §6. */
export function numberAt(text: string, at: number): string | undefined {
  number.lastIndex = at
  return number.exec(text)?.[0]
}
