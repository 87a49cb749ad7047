/** The thresholds, computed anew: each rule's false positives stay below its bound, and one step stricter would not. */
import { describe, expect, it } from 'vitest'
import { structureThresholds, thresholdsFor, type StructureThresholds } from './structure-thresholds.ts'

const bound = 1e-11

/** Probability that n uniform draws from k symbols show at most `atMost` different ones: exact. */
function fewDistinct(n: number, k: number, atMost: number): number {
  let seen = [1, ...Array<number>(n).fill(0)]
  for (let draw = 0; draw < n; draw++) {
    seen = seen.map((p, d) => (p * d) / k + (d > 0 ? ((seen[d - 1] ?? 0) * (k - d + 1)) / k : 0))
  }
  return seen.slice(0, atMost + 1).reduce((sum, p) => sum + p, 0)
}

/** Probability of at least `atLeast` successes in n trials: exact. */
function binomialTail(n: number, p: number, atLeast: number): number {
  let sum = 0
  for (let hits = atLeast; hits <= n; hits++) sum += choose(n, hits) * p ** hits * (1 - p) ** (n - hits)
  return sum
}

function choose(n: number, r: number): number {
  let product = 1
  for (let i = 1; i <= r; i++) product = (product * (n - r + i)) / i
  return product
}

/** Bound of each rule at its threshold, shifted by `stricter` steps towards refusing more. */
function boundsOf(row: StructureThresholds, stricter: number): Record<string, number> {
  const { n, k } = row
  const run = row.runAtLeast - stricter
  const sequence = row.sequenceAtLeast - stricter
  const repeat = row.repeatAtLeast - stricter
  return {
    distinct: fewDistinct(n, k, row.distinctAtMost + stricter),
    frequent: k * binomialTail(n, 1 / k, row.countAtLeast - stricter),
    run: (n - run + 1) * k ** (1 - run),
    sequence: 2 * (n - sequence + 1) * k ** (1 - sequence),
    // Two positions i < j agree in r characters with k^-r even when they overlap: r independent equations.
    repeat: choose(n - repeat + 1, 2) * k ** -repeat,
    text: binomialTail(row.octets, 95 / 256, row.printableAtLeast - stricter),
  }
}

describe('structureThresholds', () => {
  it('refuses uniformly random windows with a probability below 1e-11 by each rule', () => {
    for (const row of structureThresholds) {
      for (const [rule, p] of Object.entries(boundsOf(row, 0))) {
        expect(p, `${rule} of ${row.n}/${row.k}`).toBeLessThan(bound)
      }
    }
  })

  it('refuses them with a probability below 4e-11 by all rules together', () => {
    for (const row of structureThresholds) {
      const total = Object.values(boundsOf(row, 0)).reduce((sum, p) => sum + p, 0)
      expect(total, `${row.n}/${row.k}`).toBeLessThan(4e-11)
    }
  })

  it('would exceed the bound one step stricter', () => {
    for (const row of structureThresholds) {
      for (const [rule, p] of Object.entries(boundsOf(row, 1))) {
        expect(p, `${rule} of ${row.n}/${row.k}`).toBeGreaterThan(bound)
      }
    }
  })
})

describe('thresholdsFor', () => {
  it('takes the row with the largest window that fits', () => {
    expect(thresholdsFor(64, 64)?.n).toBe(64)
    expect(thresholdsFor(64, 85)?.n).toBe(64)
    expect(thresholdsFor(64, 1024)?.n).toBe(86)
    expect(thresholdsFor(16, 127)?.n).toBe(96)
  })

  it('has no row for a text that is shorter than every window', () => {
    expect(thresholdsFor(64, 42)).toBeUndefined()
    expect(thresholdsFor(16, 63)).toBeUndefined()
  })
})
