import { readFileSync } from 'node:fs'
import { errorTable, type ErrorEntry } from 'keyturn'
import { describe, expect, it } from 'vitest'
import { absolute } from './documents.ts'

const page = readFileSync(absolute('docs/errors.md'), 'utf8')
const table: Readonly<Record<string, ErrorEntry>> = errorTable

interface Section {
  readonly code: string
  readonly text: string
}

const sections: readonly Section[] = page
  .split(/^### /m)
  .slice(1)
  .map(text => ({ code: text.slice(0, text.indexOf('\n')), text }))

/** The line under each heading: title, status, exit code. */
function summaryOf({ title, status, exit }: ErrorEntry): string {
  const http = status === undefined ? '' : ` · HTTP ${status}`
  return `**${title}**${http} · exit ${exit}`
}

describe('docs/errors.md', () => {
  it('has one heading for each code of the table, in the order of the table', () => {
    expect(sections.map(({ code }) => code)).toEqual(Object.keys(errorTable))
  })

  it('gives each code the title, status and exit code of the table', () => {
    for (const { code, text } of sections) {
      const entry = table[code]
      expect(text.split('\n')[2], code).toBe(entry && summaryOf(entry))
    }
  })

  it('says of each code what causes it and what to do', () => {
    for (const { code, text } of sections) {
      expect(text, code).toMatch(/^Cause: \S[^]*\.$/m)
      expect(text, code).toMatch(/^What to do: \S[^]*\.$/m)
    }
  })

  it('explains every exit code of the table', () => {
    const explained = [...page.matchAll(/^\| (\d+) +\|/gm)].map(([, exit]) => Number(exit))
    for (const { exit } of Object.values(table)) expect(explained).toContain(exit)
  })
})
