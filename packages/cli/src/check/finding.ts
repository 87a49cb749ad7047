/** What check finds: rules by name, and one finding of each. Names are stable: CI configurations refer to them. */
import type { SecretRule } from 'keyturn'

export type Severity = 'error' | 'warning'

/** Rules of a secret's text come from the library; these are about where it stands. */
type PlaceRule =
  | 'secret-missing'
  | 'secret-unreadable'
  | 'secret-adopted'
  | 'file-mode'
  | 'file-tracked'
  | 'file-not-ignored'
  | 'file-git-unknown'
  | 'file-owner'
  | 'file-mounted'
  | 'browser-prefix'
  | 'secret-in-file'
  | 'secret-assigned'
  | 'config-secret'
  | 'environments-share'
  | 'sources-differ'
  | 'ring-unreadable'
  | 'ring-edited'
  | 'rotation-unfinished'
  | 'erasure-overdue'

export type Rule = SecretRule | PlaceRule

export interface Finding {
  readonly rule: Rule
  readonly severity: Severity
  /** Never with a character of a secret. */
  readonly message: string
  readonly remedy: string
  /** Shown path. */
  readonly file?: string
  /** From 1. */
  readonly line?: number
}

/** One line on each rule, for reports. */
export const ruleTitles: Readonly<Record<Rule, string>> = {
  'form-ends': 'No white space stands at the ends of a secret',
  'form-characters': 'A secret is one line of printable ASCII',
  'form-length': 'A secret has at most 1,024 characters',
  length: 'A secret has at least 64 characters',
  'key-material': 'A secret is no key file',
  pattern: 'A secret holds no common weak pattern',
  alphabet: 'A secret is URL-safe base64',
  'alphabet-base64': 'A secret does without +, / and =',
  'structure-distinct': 'A secret has many different characters',
  'structure-frequent': 'No character fills a secret',
  'structure-run': 'No character is repeated in a row',
  'structure-sequence': 'A secret does not count',
  'structure-repeat': 'A secret does not repeat itself',
  'structure-text': 'A secret is not encoded text',
  'secret-missing': 'A secret is set',
  'secret-unreadable': 'A file that a variable names can be read',
  'secret-adopted': 'No adopted weak secret is left',
  'file-mode': 'Only the owner can read the file of secrets',
  'file-tracked': 'No secret is in version control',
  'file-not-ignored': 'The file of secrets is ignored by git',
  'file-git-unknown': 'Git says whether it tracks the file of secrets',
  'file-owner': 'The file of secrets belongs to whoever runs the application',
  'file-mounted': 'The file of secrets is not mounted by itself',
  'browser-prefix': 'No secret is shipped to browsers',
  'secret-in-file': 'No file of the project holds the value of a secret',
  'secret-assigned': 'No secret is written into code or configuration',
  'config-secret': 'keyturn.config.json holds no secret',
  'environments-share': 'Each environment has a secret of its own',
  'sources-differ': 'Environment and file hold the same secret',
  'ring-unreadable': 'The ring can be read',
  'ring-edited': 'Running instances hold what the file holds',
  'rotation-unfinished': 'No rotation is left half done',
  'erasure-overdue': 'Keys past their time are erased',
}
