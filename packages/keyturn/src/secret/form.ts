/** Form and length of a secret: what any environment, file and shell carries unchanged. */
import { errorFinding, type SecretFinding } from './finding.ts'

/** The guide's minimum, in characters. */
export const minLength = 64
/** Longest secret accepted, in characters. */
export const maxLength = 1024

/** Characters as people count them: code points, not UTF-16 units. */
export function lengthOf(text: string): number {
  return Array.from(text).length
}

/** Checks form and length. `body` is the text without white space at its ends. */
export function checkForm(text: string, body: string, variable: string): SecretFinding[] {
  const findings: SecretFinding[] = []
  const length = lengthOf(text)
  if (length < minLength) {
    const has = length === 0 ? 'it is empty' : `it has ${length}`
    findings.push(errorFinding('length', `${variable} must be at least ${minLength} characters, ${has}`))
  }
  if (length > maxLength) {
    findings.push(
      errorFinding('form-length', `${variable} must be at most ${maxLength} characters, it has ${length}`),
    )
  }
  if (body !== text) findings.push(endsFinding(text, variable))
  if (!/^[\x20-\x7e]*$/.test(body)) {
    const what = body.includes('\0') ? 'a NUL character' : 'characters that are not printable ASCII'
    findings.push(
      errorFinding(
        'form-characters',
        `${variable} contains ${what}`,
        'give the secret as one line of plain text, as keyturn generate prints it',
      ),
    )
  }
  return findings
}

/** White space at an end changes the key without being seen: the usual cause of two services that disagree. */
function endsFinding(text: string, variable: string): SecretFinding {
  const newline = /[\r\n]\s*$/.test(text)
  return errorFinding(
    'form-ends',
    newline ? `${variable} ends with a newline` : `${variable} begins or ends with white space`,
    newline
      ? "remove it: write the file with printf '%s', not echo, or with keyturn generate --write"
      : 'remove it, or replace the value with the output of keyturn generate',
  )
}
