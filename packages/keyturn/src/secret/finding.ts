/** What the rules say about a secret: findings that never show a character of it. */

/** The rules by name. Names are stable: CI configurations and reports refer to them. */
export type SecretRule =
  | 'form-ends'
  | 'form-characters'
  | 'form-length'
  | 'length'
  | 'key-material'
  | 'pattern'
  | 'alphabet'
  | 'alphabet-base64'
  | 'structure-distinct'
  | 'structure-frequent'
  | 'structure-run'
  | 'structure-sequence'
  | 'structure-repeat'
  | 'structure-text'

/** One thing that is wrong with a secret. */
export interface SecretFinding {
  /** The rule that found it. */
  readonly rule: SecretRule
  /** An `error` refuses the secret, a `warning` does not. */
  readonly severity: 'error' | 'warning'
  /** What is wrong. Begins with the name of the variable. */
  readonly message: string
  /** What to do about it. Names `keyturn generate`. */
  readonly remedy: string
}

/** The remedy that fits every finding. */
export const replaceIt = 'replace it with the output of keyturn generate'

/** An error. @param remedy default: {@link replaceIt} */
export function errorFinding(rule: SecretRule, message: string, remedy: string = replaceIt): SecretFinding {
  return { rule, severity: 'error', message, remedy }
}
