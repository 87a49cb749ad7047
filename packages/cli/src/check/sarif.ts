/** sarifOf: findings as SARIF 2.1.0, for code scanning. */
import { isAbsolute } from 'node:path'
import { pathToFileURL } from 'node:url'
import { version } from '../version.ts'
import { ruleTitles, type Finding } from './finding.ts'

export function sarifOf(findings: readonly Finding[]): Readonly<Record<string, unknown>> {
  const ids = [...new Set(findings.map(({ rule }) => rule))].sort((one, other) => one.localeCompare(other))
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'keyturn',
            version,
            semanticVersion: version,
            rules: ids.map(id => ({ id, shortDescription: { text: ruleTitles[id] } })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: findings.map(finding => ({
          ruleId: finding.rule,
          ruleIndex: ids.indexOf(finding.rule),
          level: finding.severity,
          message: { text: `${finding.message}. ${finding.remedy}` },
          ...(finding.file !== undefined && { locations: [locationOf(finding.file, finding.line)] }),
        })),
      },
    ],
  }
}

const locationOf = (file: string, line: number | undefined): Readonly<Record<string, unknown>> => ({
  physicalLocation: {
    artifactLocation: { uri: isAbsolute(file) ? pathToFileURL(file).href : encodeURI(file) },
    ...(line !== undefined && { region: { startLine: line } }),
  },
})
