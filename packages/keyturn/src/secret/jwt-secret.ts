/** The guide's field validator, for any library that speaks Standard Schema. */
import { replaceIt } from './finding.ts'
import type { StandardIssue, StandardSchemaV1 } from './standard-schema.ts'
import { checkSecret, type CheckContext } from './strength.ts'

/**
 * A schema for the settings of an application: accepts what {@link checkSecret} accepts, unchanged, and
 * makes an issue of each error, remedy included. Warnings pass. No issue shows a character of the value.
 *
 * @example
 * const result = jwtSecret()['~standard'].validate(process.env.JWT_SECRET_KEY)
 * if (result.issues) throw new Error(result.issues.map(issue => issue.message).join('\n'))
 */
export function jwtSecret(options: CheckContext = {}): StandardSchemaV1<string, string> {
  const { variable = 'JWT_SECRET_KEY' } = options
  return {
    '~standard': {
      version: 1,
      vendor: 'keyturn',
      validate(value) {
        if (typeof value !== 'string') return { issues: [typeIssue(value, variable)] }
        const issues = checkSecret(value, options)
          .findings.filter(finding => finding.severity === 'error')
          .map(finding => ({ message: `${finding.message}: ${finding.remedy}` }))
        return issues.length === 0 ? { value } : { issues }
      },
    },
  }
}

function typeIssue(value: unknown, variable: string): StandardIssue {
  return value === undefined
    ? { message: `${variable} is not set: set it to the output of keyturn generate` }
    : { message: `${variable} must be a string: ${replaceIt}` }
}
