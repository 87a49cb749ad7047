/** What `keyturn check --json` prints. */
import { documentOf, type CliResult } from '../../../test/support/cli.ts'

export interface CheckDocument {
  readonly schema: string
  readonly ok: boolean
  readonly length: number
  readonly valid: boolean
  readonly source: string | null
  readonly findings: readonly {
    readonly rule: string
    readonly severity: string
    readonly message: string
    readonly remedy: string
    readonly file?: string
    readonly line?: number
  }[]
}

/** `error file-mode .env`, sorted. */
export const rulesIn = (result: CliResult): readonly string[] =>
  documentOf<CheckDocument>(result)
    .findings.map(({ rule, severity, file, line }) =>
      [severity, rule, ...(file ? [line === undefined ? file : `${file}:${line}`] : [])].join(' '),
    )
    .sort()
