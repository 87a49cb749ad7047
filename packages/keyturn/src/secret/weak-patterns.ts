/** The guide's six weak patterns: words and placeholders that no generated secret should hold. */
import { errorFinding, type SecretFinding } from './finding.ts'

/**
 * The patterns, in lower case. `secret` makes the first two redundant, but the guide names them.
 * Of random 64-character texts one in 18 million holds one by chance: `generateSecret` draws again. In hex it
 * is one in 280,000, because of the digits.
 */
export const weakPatterns: readonly string[] = [
  'jwt-secret-change-me',
  'your-jwt-secret-key',
  'secret',
  'password',
  '123456',
  'changeme',
]

/** Looks for the patterns anywhere, in any case. The finding does not say which: that would print a piece. */
export function checkPatterns(text: string, variable: string): SecretFinding[] {
  const lower = text.toLowerCase()
  if (!weakPatterns.some(pattern => lower.includes(pattern))) return []
  return [
    errorFinding(
      'pattern',
      `${variable} contains a common weak pattern: a placeholder, a word that everybody tries, or a row of digits`,
    ),
  ]
}
