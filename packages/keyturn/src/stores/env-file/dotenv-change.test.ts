import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changeDotenv, quoted, valuesOf } from './dotenv.ts'

type Changes = Record<string, string | undefined>
const change = (text: string, changes: Changes): string =>
  changeDotenv(text, new Map(Object.entries(changes)))

describe('changeDotenv', () => {
  it('replaces a value in its place and keeps what stands before the name', () => {
    expect(change('A=1\n  export KEY = "old" # note\nB=2\n', { KEY: 'new' })).toBe(
      'A=1\n  export KEY=new\nB=2\n',
    )
  })

  it('replaces a value over several lines whole', () => {
    expect(change("A=1\nKEY='one\ntwo\nthree'\nB=2\n", { KEY: 'new' })).toBe('A=1\nKEY=new\nB=2\n')
  })

  it('removes a variable with its line', () => {
    expect(change('A=1\nKEY=old\nB=2\n', { KEY: undefined })).toBe('A=1\nB=2\n')
    expect(change("A=1\r\nKEY='o\r\nld'\r\nB=2\r\n", { KEY: undefined })).toBe('A=1\r\nB=2\r\n')
    expect(change('A=1\nKEY=old', { KEY: undefined })).toBe('A=1\n')
    expect(change('KEY=old', { KEY: undefined })).toBe('')
    expect(change('KEY=1\rA=2\r', { KEY: undefined })).toBe('A=2\r')
  })

  it('leaves one of several assignments, the last', () => {
    expect(change('KEY=1\nA=x\nKEY=2\nB=y\nexport KEY=3\n', { KEY: 'new' })).toBe(
      'A=x\nB=y\nexport KEY=new\n',
    )
    expect(change('KEY=1\nA=x\nKEY=2\n', { KEY: undefined })).toBe('A=x\n')
  })

  it('puts a new variable after those of the ring that are there', () => {
    expect(change('KEY=1\nA=x\n', { KEY: '2', KEY_NEXT: '3', RING: '4' })).toBe(
      'KEY=2\nKEY_NEXT=3\nRING=4\nA=x\n',
    )
    expect(change('A=x\nKEY=1', { KEY: '2', RING: '4' })).toBe('A=x\nKEY=2\nRING=4')
    expect(change('RING=0\r\nA=x\r\nKEY=1\r\n', { KEY: '2', NEXT: '3', RING: '4' })).toBe(
      'RING=4\r\nA=x\r\nKEY=2\r\nNEXT=3\r\n',
    )
  })

  it('puts the first variables at the end', () => {
    expect(change('', { KEY: '1', RING: '2' })).toBe('KEY=1\nRING=2\n')
    expect(change('A=x\n', { KEY: '1' })).toBe('A=x\nKEY=1\n')
    expect(change('A=x', { KEY: '1' })).toBe('A=x\nKEY=1\n')
    expect(change('A=x\r\nB=y', { KEY: '1' })).toBe('A=x\r\nB=y\r\nKEY=1\r\n')
    expect(change('# only a comment', { KEY: undefined })).toBe('# only a comment')
  })

  it('changes nothing in a comment or in the middle of another value', () => {
    const text = '#KEY=0\n# KEY=0\nA=KEY=0\nB="\nKEY=0\n"\nXKEY=1\nKEY_X=2\n'
    expect(change(text, { KEY: 'new' })).toBe(`${text}KEY=new\n`)
    const separated = '# old\u2028KEY=0\nA=1\n'
    expect(change(separated, { KEY: undefined })).toBe(separated)
  })

  it('keeps a byte order mark', () => {
    expect(change('\uFEFFKEY=1\nA=x\n', { KEY: '2' })).toBe('\uFEFFKEY=2\nA=x\n')
  })

  it('keeps what follows a lone carriage return', () => {
    expect(change('KEY=1\rA=x\r\nB=y\n', { KEY: '2', RING: '3' })).toContain('\rA=x\r\nB=y\n')
  })

  it('does nothing twice', () => {
    const changes = { KEY: "it's", NEXT: undefined, RING: '{"v":1}' }
    const once = change('A=1\nNEXT=3\n', changes)
    expect(change(once, changes)).toBe(once)
  })
})

/** Lines that a ring has no part in. Each stands alone: none needs or swallows another. */
const otherLine = fc.oneof(
  fc.constantFrom(
    '',
    '   ',
    '# comment',
    "# it's a comment",
    '#KEY=commented',
    'just text',
    'A=1',
    'export B = two words # note',
    'C=\'$x \\ "y" # z\'',
    'D="one\\ntwo"',
    "E=it's",
    'F="first\nKEY=inside\nlast"',
    "G='first\n\n# inside'",
    'H=`a "b" \'c\'`',
    'KEYS=1',
    'XKEY=2',
    'I=été 🔑 ключ',
    'J=trailing   ',
    '\tK=\ttab',
    'L=\u00a0nbsp\u2028x',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }).map(text => `# ${text.replaceAll(/[\r\n]/g, '')}`),
  fc.string({ unit: 'grapheme', maxLength: 40 }).map(text => `M=${text.replaceAll(/[\r\n'"`]/g, '')}`),
)
const names = ['KEY', 'KEY_NEXT', 'RING'] as const
const prefix = fc.constantFrom('', 'export ', '  ')
const ownLine = fc.record({
  name: fc.constantFrom(...names),
  prefix,
  value: fc.constantFrom('', 'abc', "'a b'", '"x\\ny"', "'two\nlines' # note", 'abc # note'),
})
const value = fc.option(fc.constantFrom('', 'abc', 'a b', '{"v":1}', "it's", 'two\nlines'), {
  nil: undefined,
})

describe('any file', () => {
  it('keeps every other line byte for byte', () => {
    const file = fc.record({
      segments: fc.array(fc.oneof({ arbitrary: otherLine, weight: 3 }, ownLine), { maxLength: 14 }).map(
        // An empty last line is a line break at the end, and nothing more.
        each => (each.at(-1) === '' ? [...each, '# end'] : each),
      ),
      newline: fc.constantFrom('\n', '\r\n'),
      endsWithNewline: fc.boolean(),
      values: fc.tuple(value, value, value),
    })
    fc.assert(
      fc.property(file, ({ segments, newline, endsWithNewline, values }) => {
        const changes = new Map(names.map((name, index) => [name, values[index]]))
        const lines = segments.map(each =>
          typeof each === 'string' ? each : `${each.prefix}${each.name}=${each.value}`,
        )
        const text = lines.join(newline) + (endsWithNewline && lines.length > 0 ? newline : '')

        const isLast = (name: string, index: number): boolean =>
          !segments.slice(index + 1).some(each => typeof each !== 'string' && each.name === name)
        // The same change, made line by line by whoever knows where the lines came from.
        const kept = segments.map((each, index) => {
          if (typeof each === 'string') return { line: each }
          const next = changes.get(each.name)
          if (next === undefined || !isLast(each.name, index)) return { line: undefined }
          return { line: `${each.prefix}${each.name}=${quoted(next)}`, own: true }
        })
        const present = new Set(segments.flatMap(each => (typeof each === 'string' ? [] : [each.name])))
        const added = names.flatMap(name => {
          const next = changes.get(name)
          return next === undefined || present.has(name) ? [] : [`${name}=${quoted(next)}`]
        })
        const anchor = kept.findLastIndex(each => each.own)
        // A last line that goes can leave an empty one behind: nobody's line is touched.
        fc.pre(anchor >= 0 || kept.length === 0 || kept.at(-1)?.line !== undefined)
        const expected = kept.flatMap(({ line }, index) =>
          index === anchor ? [line, ...added] : line === undefined ? [] : [line],
        )
        if (anchor < 0) expected.push(...added)

        const breakAtEnd =
          endsWithNewline || kept.at(-1)?.line === undefined || (anchor < 0 && added.length > 0)
        const out = changeDotenv(text, changes)
        const lineBreak = text.includes('\r\n') ? '\r\n' : '\n'
        expect(out).toBe(
          expected
            .map(line => line + lineBreak)
            .join('')
            .slice(0, breakAtEnd ? undefined : -lineBreak.length),
        )
        const found = valuesOf(out)
        for (const name of names) expect(found.get(name)).toBe(changes.get(name))
      }),
      { numRuns: 3000 },
    )
  })
})
