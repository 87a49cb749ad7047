/** plainTextEnd, numberAt: what comes next in a JSON text. */

/**
 * Index of the first byte from `from` on that is a quote, a backslash, a control character or not ASCII. There must
 * be one, and three more bytes behind it.
 *
 * Reads four bytes at a time, which takes a third of the time of a loop over bytes. For each byte that is zero,
 * subtracting 1 sets its top bit. A borrow can mark bytes above it as well, but never below: the lowest mark is right.
 */
export function plainTextEnd(words: DataView, from: number): number {
  for (let at = from; ; at += 4) {
    const word = words.getInt32(at, true)
    const quote = word ^ 0x22222222
    const backslash = word ^ 0x5c5c5c5c
    const marks =
      (((quote - 0x01010101) & ~quote) |
        ((backslash - 0x01010101) & ~backslash) |
        ((word - 0x20202020) & ~word) |
        word) &
      0x80808080
    if (marks !== 0) return at + ((31 - Math.clz32(marks & -marks)) >> 3)
  }
}

const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y

/** The number that begins at that index, if one does. RFC 8259 §6. */
export function numberAt(text: string, at: number): string | undefined {
  number.lastIndex = at
  return number.exec(text)?.[0]
}
