/** Is this text fit to be a JWT secret? Every rule, without a clock, the environment or randomness. RFC 7518 §3.2. */
import { alphabetOf, checkAlphabet, nominalBits } from './alphabet.ts'
import type { SecretFinding } from './finding.ts'
import { checkForm, lengthOf } from './form.ts'
import { checkKeyMaterial } from './key-material.ts'
import { checkStructure } from './structure.ts'
import { checkPatterns } from './weak-patterns.ts'

/** Where a secret is checked. */
export interface CheckContext {
  /** The variable that holds it: findings begin with this name. @default 'JWT_SECRET_KEY' */
  readonly variable?: string | undefined
  /** Makes base64's `+`, `/` and `=` errors. @default false */
  readonly strict?: boolean | undefined
}

/** What {@link checkSecret} found. */
export interface SecretReport {
  /** True when no finding is an error. It means "no weakness found": a check can refute randomness, never prove it. */
  readonly ok: boolean
  /** All of them, key material first, then form, patterns, alphabet and structure. */
  readonly findings: readonly SecretFinding[]
  /** In characters. */
  readonly length: number
  /** An upper bound: the length times the bits of its alphabet. Only a random generator fills it. */
  readonly bits: number
}

/**
 * Judges a secret by the guide's rules: at least 64 characters of URL-safe base64, no weak pattern; and by
 * what goes wrong besides: invisible white space, key files, text that is repeated, counted or encoded.
 * A uniformly random text in hex, base64 or base64url of 64 characters or more breaks one of the structure
 * rules with a probability below 1e-10. No finding shows a character of the secret.
 *
 * @throws TypeError when `text` is not a string
 */
export function checkSecret(text: string, context: CheckContext = {}): SecretReport {
  if (typeof text !== 'string') throw new TypeError('checkSecret expects the secret as a string')
  const { variable = 'JWT_SECRET_KEY', strict = false } = context
  const body = text.trim()
  const findings = [
    ...checkKeyMaterial(body, variable),
    ...checkForm(text, body, variable),
    ...checkPatterns(body, variable),
    ...checkAlphabet(body, variable, strict),
    ...checkStructure(body, variable),
  ]
  const length = lengthOf(text)
  return {
    ok: findings.every(finding => finding.severity !== 'error'),
    findings,
    length,
    bits: nominalBits(lengthOf(body), alphabetOf(body)),
  }
}
