/** Thresholds of the structure rules: what uniformly random text practically never does. */

/** One row: the thresholds for a window of `n` characters of an alphabet of `k`. */
export interface StructureThresholds {
  /** Characters in the window. */
  readonly n: number
  /** Size of the alphabet: 16 for hex, 64 for base64 and base64url. */
  readonly k: 16 | 64
  /** Refuse when so many different characters or fewer occur. */
  readonly distinctAtMost: number
  /** Refuse when one character occurs so often. */
  readonly countAtLeast: number
  /** Refuse a run of one character of this length. */
  readonly runAtLeast: number
  /** Refuse a sequence of this length that counts up, or down, by one code point a step. */
  readonly sequenceAtLeast: number
  /** Refuse a substring of this length that occurs at two positions; the two may overlap. */
  readonly repeatAtLeast: number
  /** Refuse when of so many decoded octets at least so many are printable ASCII. */
  readonly printableAtLeast: number
  readonly octets: number
}

/**
 * Computed, not sampled: each threshold is the strictest for which a uniformly random window trips the rule
 * with a probability below 1e-11, by the exact distribution (distinct, printable) or a union bound (the
 * others). A window trips any rule with less than 4e-11. structure-thresholds.test.ts computes the bounds anew.
 */
export const structureThresholds: readonly StructureThresholds[] = [
  row(43, 64, 16, 13, 8, 9, 8, 31, 32),
  row(64, 64, 23, 15, 9, 9, 8, 41, 48),
  row(86, 64, 29, 17, 9, 9, 9, 51, 64),
  row(64, 16, 9, 24, 12, 12, 12, 31, 32),
  row(96, 16, 11, 29, 12, 12, 13, 41, 48),
  row(128, 16, 12, 34, 12, 13, 13, 51, 64),
]

function row(
  n: number,
  k: 16 | 64,
  distinctAtMost: number,
  countAtLeast: number,
  runAtLeast: number,
  sequenceAtLeast: number,
  repeatAtLeast: number,
  printableAtLeast: number,
  octets: number,
): StructureThresholds {
  return {
    n,
    k,
    distinctAtMost,
    countAtLeast,
    runAtLeast,
    sequenceAtLeast,
    repeatAtLeast,
    printableAtLeast,
    octets,
  }
}

/** The row with the largest window that fits into the length; undefined when the text is too short for any. */
export function thresholdsFor(k: 16 | 64, length: number): StructureThresholds | undefined {
  return structureThresholds.findLast(entry => entry.k === k && entry.n <= length)
}
