/** Structure of a secret: order that random text practically never has. */
import { alphabetOf } from './alphabet.ts'
import { errorFinding, type SecretFinding, type SecretRule } from './finding.ts'
import { thresholdsFor, type StructureThresholds } from './structure-thresholds.ts'

/** What each rule says, after the name of the variable. */
const messages = {
  'structure-distinct': 'has too few different characters for its length',
  'structure-frequent': 'has one character far too often',
  'structure-run': 'has one character many times in a row',
  'structure-sequence': 'counts through characters in their order',
  'structure-repeat': 'repeats a part of itself',
  'structure-text': 'is readable text in an encoding, not random octets',
} as const satisfies Partial<Record<SecretRule, string>>

type StructureRule = keyof typeof messages

/** Applies the thresholds to the first and to the last characters: at most one finding for each rule. */
export function checkStructure(body: string, variable: string): SecretFinding[] {
  const alphabet = alphabetOf(body)
  if (alphabet === 'other') return []
  const text = body.replace(/={1,2}$/, '')
  const row = thresholdsFor(alphabet === 'hex' ? 16 : 64, text.length)
  if (row === undefined) return []
  // Decoded as a whole: a window at the end need not begin where a group of four characters does.
  const octets = Buffer.from(text, row.k === 16 ? 'hex' : 'base64')
  const broken = new Set(brokenRules(text.slice(0, row.n), octets.subarray(0, row.octets), row))
  if (text.length > row.n) {
    const last = brokenRules(text.slice(-row.n), octets.subarray(-row.octets), row)
    for (const rule of last) broken.add(rule)
  }
  return [...broken].map(rule => errorFinding(rule, `${variable} ${messages[rule]}`))
}

function brokenRules(window: string, octets: Uint8Array, row: StructureThresholds): StructureRule[] {
  const counts = countsOf(window)
  const checks: [StructureRule, boolean][] = [
    ['structure-distinct', counts.size <= row.distinctAtMost],
    ['structure-frequent', Math.max(...counts.values()) >= row.countAtLeast],
    ['structure-run', longestWalk(window, 0) >= row.runAtLeast],
    [
      'structure-sequence',
      longestWalk(window, 1) >= row.sequenceAtLeast || longestWalk(window, -1) >= row.sequenceAtLeast,
    ],
    ['structure-repeat', hasRepeat(window, row.repeatAtLeast)],
    ['structure-text', printableOctets(octets) >= row.printableAtLeast],
  ]
  return checks.filter(([, isBroken]) => isBroken).map(([rule]) => rule)
}

function countsOf(window: string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const character of window) counts.set(character, (counts.get(character) ?? 0) + 1)
  return counts
}

/** Length of the longest stretch in which every code is the one before it plus `step`. */
function longestWalk(window: string, step: -1 | 0 | 1): number {
  let longest = 1
  let length = 1
  for (let at = 1; at < window.length; at++) {
    length = window.charCodeAt(at) - window.charCodeAt(at - 1) === step ? length + 1 : 1
    longest = Math.max(longest, length)
  }
  return longest
}

/** True when a substring of this length occurs twice. The two may overlap: k^-length bounds both cases. */
function hasRepeat(window: string, length: number): boolean {
  const seen = new Set<string>()
  for (let at = 0; at + length <= window.length; at++) {
    const part = window.slice(at, at + length)
    if (seen.has(part)) return true
    seen.add(part)
  }
  return false
}

function printableOctets(octets: Uint8Array): number {
  let printable = 0
  for (const octet of octets) if (octet >= 0x20 && octet <= 0x7e) printable++
  return printable
}
