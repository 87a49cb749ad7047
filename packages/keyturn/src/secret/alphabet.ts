/** The alphabet of a secret: URL-safe base64, which no URL, shell or dotenv reader changes. RFC 4648 §5. */
import { errorFinding, replaceIt, type SecretFinding } from './finding.ts'

/** What a text is written in. `base64` has at least one of the three characters that are not URL-safe. */
export type Alphabet = 'hex' | 'base64url' | 'base64' | 'other'

/** The smallest alphabet that holds every character. Hex in mixed case counts as base64. */
export function alphabetOf(text: string): Alphabet {
  if (/^(?:[\da-f]*|[\dA-F]*)$/.test(text)) return 'hex'
  if (/^[\w-]*$/.test(text)) return 'base64url'
  return /^[\w\-+/=]*$/.test(text) ? 'base64' : 'other'
}

/** Bits that a text of this length and alphabet can hold at most. */
export function nominalBits(length: number, alphabet: Alphabet): number {
  // Text outside ASCII is refused anyway: seven bits a character say enough.
  const bitsEach = { hex: 4, base64url: 6, base64: 6, other: 7 }[alphabet]
  return length * bitsEach
}

/** Checks the alphabet of the text without white space at its ends. Only printable ASCII is judged here. */
export function checkAlphabet(body: string, variable: string, strict: boolean): SecretFinding[] {
  const alphabet = alphabetOf(body.replace(/[^\x20-\x7e]/g, ''))
  if (alphabet === 'hex' || alphabet === 'base64url') return []
  if (alphabet === 'other') {
    const quoted = /^(["'`]).*\1$/s.test(body)
    return [
      quoted
        ? errorFinding(
            'alphabet',
            `${variable} is wrapped in quotation marks that are part of the value`,
            'remove them, or replace the value with the output of keyturn generate',
          )
        : errorFinding('alphabet', `${variable} contains characters outside URL-safe base64`),
    ]
  }
  return [
    {
      rule: 'alphabet-base64',
      severity: strict ? 'error' : 'warning',
      message: `${variable} contains characters of base64 that are not URL-safe`,
      remedy: `${replaceIt}, or make a new one with openssl rand -base64 48 | tr '+/' '-_'`,
    },
  ]
}
