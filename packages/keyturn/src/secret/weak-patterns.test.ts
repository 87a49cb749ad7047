/** The guide's six patterns, anywhere and in any case. */
import { describe, expect, it } from 'vitest'
import { drawSecret } from './generate.ts'
import { checkSecret } from './strength.ts'
import { weakPatterns } from './weak-patterns.ts'
import { keystream } from '../../test/keystream.js'

const half = drawSecret(64, keystream(1))

describe('weak patterns', () => {
  it("are the guide's six", () => {
    expect([...weakPatterns].sort()).toEqual(
      ['jwt-secret-change-me', 'your-jwt-secret-key', 'secret', 'password', '123456', 'changeme'].sort(),
    )
  })

  it('are refused at the start, in the middle and at the end, in any case', () => {
    for (const pattern of weakPatterns) {
      const mixed = [...pattern].map((c, at) => (at % 2 === 0 ? c.toUpperCase() : c)).join('')
      for (const written of [pattern, pattern.toUpperCase(), mixed]) {
        for (const text of [written + half, half.slice(0, 32) + written + half.slice(32), half + written]) {
          const report = checkSecret(text)
          expect(report.ok).toBe(false)
          expect(report.findings).toMatchObject([{ rule: 'pattern', severity: 'error' }])
        }
      }
    }
  })

  it('are reported once, and not by name', () => {
    const report = checkSecret(`${half}changeme${half.slice(0, 9)}password`)
    const patternFindings = report.findings.filter(finding => finding.rule === 'pattern')
    expect(patternFindings).toHaveLength(1)
    for (const pattern of weakPatterns) {
      expect(patternFindings[0]?.message.replace('JWT_SECRET_KEY', '').toLowerCase()).not.toContain(pattern)
    }
    expect(patternFindings[0]).toEqual(
      checkSecret(`${half}123456`).findings.find(finding => finding.rule === 'pattern'),
    )
  })
})
