import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeText, encodeText } from './lossless-text.ts'

describe('decodeText', () => {
  it('reads UTF-8', () => {
    for (const text of ['', 'A=1\n', '\uFEFFA=é\r\n', '🔑字\n'])
      expect(decodeText(Buffer.from(text))).toBe(text)
  })

  it('reads the lines that are UTF-8 where others are not', () => {
    const bytes = Buffer.concat([
      Buffer.from('A=é🔑\n# '),
      Buffer.from('é', 'latin1'),
      Buffer.from('\nB=ü\n'),
    ])
    const lines = decodeText(bytes).split('\n')
    expect([lines[0], lines[2]]).toEqual(['A=é🔑', 'B=ü'])
  })

  it('keeps line breaks, names and ASCII in a line that is not UTF-8', () => {
    const lines = decodeText(Buffer.from("NAME='clé' # été\r\nB=1", 'latin1')).split('\r\n')
    expect(lines).toHaveLength(2)
    expect(lines[0]).toMatch(/^NAME='cl[^ -~]' # [^ -~]t[^ -~]$/)
  })
})

describe('encodeText', () => {
  it('gives back every octet, whatever it was', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), bytes => {
        expect(encodeText(decodeText(bytes)).equals(bytes)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it('gives back text and stray octets side by side', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }).map(text => Buffer.from(text)),
      fc
        .constantFrom([0xff], [0xe9], [0xed, 0xb2, 0x80], [0xf0, 0x9f, 0x94], [0x0a])
        .map(list => Buffer.from(list)),
    )
    fc.assert(
      fc.property(fc.array(piece), pieces => {
        const bytes = Buffer.concat(pieces)
        expect(encodeText(decodeText(bytes)).equals(bytes)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})
