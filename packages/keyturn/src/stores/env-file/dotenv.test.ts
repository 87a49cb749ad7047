import { parseEnv } from 'node:util'
import { describe, expect, it } from 'vitest'
import { parseDotenv, valuesOf } from './dotenv.ts'

const read = (text: string): Record<string, string> => Object.fromEntries(valuesOf(text))

/** The same text gives the same values here and in Node. */
function expectAsNode(text: string, values: Record<string, string>): void {
  expect(read(text)).toEqual(values)
  expect(parseEnv(text)).toEqual(values)
}

describe('parseDotenv', () => {
  it('reads plain values as Node does', () => {
    expectAsNode('A=1\nB=two-_.~+/=\nEMPTY=\nC=with spaces inside\n', {
      A: '1',
      B: 'two-_.~+/=',
      EMPTY: '',
      C: 'with spaces inside',
    })
  })

  it('reads quoted values as Node does', () => {
    expectAsNode("A='one # two'\nB=\"three 'four'\"\nC=`five \"six\"`\nD=''\nE=it's\n", {
      A: 'one # two',
      B: "three 'four'",
      C: 'five "six"',
      D: '',
      E: "it's",
    })
  })

  it('keeps $, backslashes and double quotes in single quotes', () => {
    expectAsNode(`A='$HOME \\n "x" \\\\'\n`, { A: '$HOME \\n "x" \\\\' })
  })

  it('makes \\n a line break in double quotes only', () => {
    expectAsNode('A="one\\ntwo"\nB=\'one\\ntwo\'\n', { A: 'one\ntwo', B: 'one\\ntwo' })
    expect(read('A="one\\r\\ntwo"')).toEqual({ A: 'one\r\ntwo' })
  })

  it('reads quoted values over several lines', () => {
    expectAsNode('A="one\ntwo"\nB=\'three\n\nfour\'\nC=5\n', { A: 'one\ntwo', B: 'three\n\nfour', C: '5' })
    expectAsNode("A='one\r\ntwo'\r\nB=3\r\n", { A: 'one\ntwo', B: '3' })
  })

  it('leaves out "export" and white space around names and values', () => {
    expectAsNode('export A=1\n  B = 2  \n', { A: '1', B: '2' })
    expect(read('\texport\tA=1\n\tB\t=\t2\t\n')).toEqual({ A: '1', B: '2' })
  })

  it('leaves out comments, whole lines or after white space', () => {
    expectAsNode("# A=0\nA=1 # one\nB='2' # it's two\n#C=3\n", { A: '1', B: '2' })
    expect(read('  # A=0\n\t#B=0\n')).toEqual({})
  })

  it('keeps a # that no white space precedes, as Python and shells do', () => {
    expect(read('A=abc#def\nB=#\nC= # nothing\n')).toEqual({ A: 'abc#def', B: '', C: '' })
  })

  it('reads files with CRLF line breaks', () => {
    expectAsNode('A=1\r\nexport B="2"\r\n\r\n# c\r\nC=3', { A: '1', B: '2', C: '3' })
  })

  it('reads the first line after a byte order mark', () => {
    expect(read('\uFEFFA=1\nB=2\n')).toEqual({ A: '1', B: '2' })
  })

  it('takes a lone carriage return for a line break, as dotenv and python-dotenv do', () => {
    expect(read('A=1\rB=2\r# C=3\rD=4')).toEqual({ A: '1', B: '2', D: '4' })
  })

  it('knows no other line breaks', () => {
    expect(read('# old\u2028A=1\n# older\u2029A=2\n')).toEqual({})
  })

  it('lets the last of a name win, as every reader does', () => {
    expectAsNode('A=1\nB=x\nA=2\nexport A="3"\n', { A: '3', B: 'x' })
    expect(parseDotenv('A=1\nA=2\n').map(({ value }) => value)).toEqual(['1', '2'])
  })

  it('passes over lines that assign nothing', () => {
    expect(read('just text\n=1\n- A=1\nA\n1A=2\nA: 1\n\nB=1\n')).toEqual({ B: '1' })
  })

  it('does not let a stray quote swallow the lines below', () => {
    const ring = `JWT_SECRET_KEY=abc\nJWT_KEYRING='{"v":1,"ring":"a/b"}'\n`
    const values = { JWT_SECRET_KEY: 'abc', JWT_KEYRING: '{"v":1,"ring":"a/b"}' }
    expect(read(`MOTTO='tis the season\n${ring}`)).toEqual({ MOTTO: "'tis the season", ...values })
    expect(read(`MOTTO="hello\n${ring}`)).toEqual({ MOTTO: '"hello', ...values })
    expect(read(`MOTTO=\`hello\n${ring}`)).toEqual({ MOTTO: '`hello', ...values })
    expect(read(`A='x'y\nB=2\n`)).toEqual({ A: 'x', B: '2' })
  })

  it('says where each assignment stands, without its line break', () => {
    const text = "# c\r\n  export A='1\n2' # x\r\nB=3"
    const [a, b] = parseDotenv(text)
    expect(text.slice(a?.start, a?.end)).toBe("  export A='1\n2' # x")
    expect(text.slice(b?.start, b?.end)).toBe('B=3')
    expect(a).toMatchObject({ name: 'A', prefix: '  export ', quote: "'" })
    expect(b).toMatchObject({ name: 'B', prefix: '', quote: '' })
  })
})
