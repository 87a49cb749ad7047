import { describe, expect, it } from 'vitest'
import { commandsIn, documentAt } from './documents.ts'

const sections = documentAt('docs/SECOPS_RUNBOOK.md')
  .split(/^## /m)
  .slice(1)
  .map(text => ({ title: text.slice(0, text.indexOf('\n')), text }))

/** The guide's three reasons first, then what else goes wrong. */
const titles = [
  'The secret is compromised',
  'A breach was detected',
  'Someone with access leaves',
  'A rotation failed or hangs',
  'An instance is lost',
  'The file was edited by hand',
  'The audit trail is broken',
]

describe('docs/SECOPS_RUNBOOK.md', () => {
  it('has a section for each reason of the guide and each failure', () => {
    expect(sections.map(({ title }) => title)).toEqual(titles)
  })

  it('says in each section how one notices, three commands, and when it is over', () => {
    for (const { title, text } of sections) {
      expect(text, title).toMatch(/^\*\*You notice\*\*: \S/m)
      expect(text, title).toMatch(/^\*\*It is over when\*\* \S/m)
      const blocks = [...text.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, body = '']) =>
        body.trim().split('\n'),
      )
      expect(blocks.length, title).toBeGreaterThan(0)
      for (const lines of blocks) expect(lines, title).toHaveLength(3)
    }
  })

  it('names the cause with each of the guide’s reasons', () => {
    const causes = ['compromised', 'breach', 'access-holder-left']
    for (const [index, cause] of causes.entries())
      expect(commandsIn(sections[index]?.text ?? '').join('\n')).toContain(`--cause ${cause}`)
  })
})
