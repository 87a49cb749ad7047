/** Whatever somebody does to the trail, it shows. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sampleTrail } from '../../../test/sample-trail.ts'
import { temporaryFolder } from '../../../test/temporary-folder.ts'
import { hashOf } from '../../ports/hash.ts'
import { canonicalJson } from '../../ring/canonical.ts'
import type { AuditEntry } from '../../ring/document.ts'
import { readTrail } from './audit-file.ts'

const entries = sampleTrail(12)
const lines = entries.map(canonicalJson)
const newest = entries.at(-1) as AuditEntry

const textOf = (list: readonly string[]): string => list.map(line => `${line}\n`).join('')

/** Faults by line; a trail that does not end where the ring is has one at its end, as `audit verify` says. */
function faultsIn(text: string): number[] {
  const path = join(temporaryFolder(), 'audit.jsonl')
  writeFileSync(path, text)
  const trail = readTrail(path)
  const faults = trail.notes.filter(note => note.severity === 'broken').map(note => note.line)
  const last = trail.entries.at(-1)
  return last && hashOf(last) === hashOf(newest) ? faults : [...faults, -1]
}

const withLine = (index: number, line: string): string[] =>
  lines.map((each, at) => (at === index ? line : each))
const edited = (index: number, change: (entry: AuditEntry) => object): string[] =>
  withLine(index, canonicalJson(change(entries[index] as AuditEntry)))

describe('a trail that somebody tampered with', () => {
  it('is whole before', () => {
    expect(faultsIn(textOf(lines))).toEqual([])
  })

  it('shows an edited line', () => {
    for (let index = 0; index < lines.length; index += 1) {
      expect(faultsIn(textOf(edited(index, entry => ({ ...entry, reason: 'another' }))))).not.toEqual([])
      expect(faultsIn(textOf(edited(index, entry => ({ ...entry, more: true }))))).not.toEqual([])
      expect(faultsIn(textOf(edited(index, ({ cause: _, ...rest }) => rest)))).not.toEqual([])
    }
  })

  it('shows a deleted line, also the first', () => {
    for (let index = 0; index < lines.length - 1; index += 1)
      expect(faultsIn(textOf(lines.filter((_, at) => at !== index)))).not.toEqual([])
    expect(faultsIn(textOf(lines.slice(5)))).toContain(1)
  })

  it('shows a line that was put in, swapped or written twice', () => {
    const forged = canonicalJson({ ...entries[3], generation: 5, prev: hashOf(entries[3] as AuditEntry) })
    expect(faultsIn(textOf([...lines.slice(0, 4), forged, ...lines.slice(4)]))).toContain(6)
    expect(faultsIn(textOf([...lines.slice(0, 4), '', ...lines.slice(4)]))).toContain(5)
    expect(faultsIn(textOf([lines[1] ?? '', lines[0] ?? '', ...lines.slice(2)]))).toContain(1)
    expect(faultsIn(textOf([...lines, lines.at(-1) ?? '']))).toContain(13)
  })

  it('shows a line that says the same in another form', () => {
    const { v, ...rest } = entries[11] as AuditEntry
    expect(faultsIn(textOf(withLine(11, JSON.stringify({ v, ...rest }))))).toEqual([12])
    expect(faultsIn(textOf(withLine(11, (lines[11] ?? '').replace(',', ', '))))).toEqual([12])
    expect(faultsIn(textOf(withLine(11, `${lines[11]}\r`)))).toEqual([12])
    expect(faultsIn(textOf(withLine(11, ` ${lines[11]}`)))).toEqual([12])
    expect(faultsIn(`\uFEFF${textOf(lines)}`)).toContain(1)
    expect(faultsIn(textOf(withLine(11, (lines[11] ?? '').replace('"v":1', '"v":1,"v":1'))))).toEqual([12])
  })

  it('shows a chain that was made anew from some line on: it ends elsewhere', () => {
    const forged = entries.slice(0, 6)
    for (const entry of entries.slice(6)) {
      const before = forged.at(-1) as AuditEntry
      forged.push({ ...entry, prev: hashOf(before), ...(entry.generation === 7 && { actor: 'nobody' }) })
    }
    expect(faultsIn(textOf(forged.map(canonicalJson)))).toEqual([-1])
  })

  it('shows an epoch that goes back', () => {
    const second = entries.slice(0, 2).map(entry => ({ ...entry, epoch: 1 }))
    const rest = sampleTrail(3).slice(2)
    const chained: AuditEntry[] = []
    for (const entry of [...second, ...rest]) {
      const before = chained.at(-1)
      chained.push({ ...entry, prev: before ? hashOf(before) : '' })
    }
    expect(faultsIn(textOf(chained.map(canonicalJson)))).toContain(3)
  })

  it('shows every one of 500 random changes', () => {
    const line = fc.integer({ min: 0, max: lines.length - 1 })
    const text = textOf(lines)
    const change = fc.oneof(
      // One character becomes another; an end of line among them joins two lines.
      fc
        .tuple(fc.integer({ min: 0, max: text.length - 2 }), fc.constantFrom(...'0aZ"{}[], \n\\'))
        .map(([at, character]) => text.slice(0, at) + character + text.slice(at + 1)),
      fc.tuple(fc.integer({ min: 0, max: text.length - 2 }), fc.integer({ min: 1, max: 300 })).map(
        // Cut out, but not at the end.
        ([at, length]) => text.slice(0, at) + text.slice(Math.min(at + length, text.length - 1)),
      ),
      fc
        .tuple(fc.integer({ min: 0, max: text.length - 1 }), fc.string({ minLength: 1, maxLength: 20 }))
        .map(([at, piece]) => text.slice(0, at) + piece + text.slice(at)),
      fc.tuple(line, line).map(([from, to]) => {
        const moved = lines.filter((_, at) => at !== from)
        moved.splice(to, 0, lines[from] ?? '')
        return textOf(moved)
      }),
      fc.tuple(line, line).map(([from, to]) => textOf(lines.toSpliced(to, 0, lines[from] ?? ''))),
      fc
        .tuple(line, fc.constantFrom('at', 'action', 'actor', 'reason', 'ring'))
        .map(([index, name]) => textOf(edited(index, entry => ({ ...entry, [name]: 'forged' })))),
      fc
        .tuple(line, fc.constantFrom('generation', 'epoch', 'cutoff'))
        .map(([index, name]) => textOf(edited(index, entry => ({ ...entry, [name]: 99 })))),
    )
    const changes = fc.sample(
      change.filter(changed => changed !== text),
      { numRuns: 500 },
    )
    const unseen = changes.filter(changed => faultsIn(changed).length === 0)
    expect(unseen).toEqual([])
  })

  it('does not show a cut at its end, but for the ring, which is ahead', () => {
    const cut = textOf(lines.slice(0, -2))
    expect(faultsIn(cut)).toEqual([-1])
    expect(faultsIn(text(-30))).toEqual([-1])
    function text(end: number): string {
      return textOf(lines).slice(0, end)
    }
  })
})
