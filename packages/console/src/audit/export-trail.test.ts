import type { Entry } from './audit-filter.ts'
import { describe, expect, it } from 'vitest'
import { cellOf, csvOf, jsonLinesOf } from './export-trail.ts'

const entry = (generation: number, reason: string): Entry => ({
  v: 1,
  ring: 'immonow/production',
  epoch: 0,
  generation,
  at: `2026-11-22T10:00:0${generation}.000Z`,
  action: 'rotate.activate',
  mode: 'hard',
  actor: 'anna',
  reason,
  keys: [
    ['kid-a', 'active', 'suspended'],
    ['kid-b', 'staged', 'active'],
  ],
  cutoff: generation,
  prev: 'hash',
})

describe('cellOf', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx'])('makes %j text, quoted', text => {
    expect(cellOf(text)).toBe(`"'${text}"`)
  })

  it('quotes what has a comma, a quote or a line break, and nothing else', () => {
    expect(cellOf('plain = text')).toBe('plain = text')
    expect(cellOf('a,b')).toBe('"a,b"')
    expect(cellOf('say "x"')).toBe('"say ""x"""')
    expect(cellOf('two\nlines')).toBe('"two\nlines"')
    expect(cellOf('=HYPERLINK("x")')).toBe('"\'=HYPERLINK(""x"")"')
  })
})

describe('csvOf', () => {
  it('writes the oldest first, with a head, and neutralises every cell', () => {
    const [head, first, second, end] = csvOf([entry(2, '=2'), entry(1, 'one')]).split('\r\n')
    expect(head).toBe('at,epoch,generation,action,mode,actor,reason,cause,keys,cutoff,prev')
    expect(first).toBe(
      '2026-11-22T10:00:01.000Z,0,1,rotate.activate,hard,anna,one,,kid-a: active > suspended; kid-b: staged > active,1,hash',
    )
    expect(second).toContain(`,"'=2",`)
    expect(end).toBe('')
  })
})

describe('jsonLinesOf', () => {
  it('writes one entry a line, the oldest first, so that each reads back as it was', () => {
    const entries = [entry(2, 'zwei\nZeilen'), entry(1, 'one')]
    const lines = jsonLinesOf(entries).trimEnd().split('\n')
    expect(lines.map(line => JSON.parse(line))).toEqual(entries.toReversed())
  })
})
