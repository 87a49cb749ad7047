/** reportTable: what each step of the tour did to the users, in one table. */
import type { StepReport } from './tour-step.ts'

const columns: readonly (readonly [title: string, cell: (report: StepReport) => string])[] = [
  ['', report => report.name],
  ['requests', report => String(report.requests)],
  ['refused', report => String(report.refused)],
  ['sessions ended', report => String(report.sessionsEnded)],
  ['restored', report => String(report.sessionsRestored)],
  ['command', report => `${report.commandSeconds.toFixed(1)} s`],
  ['on all three', ({ heldMilliseconds: held }) => (held === undefined ? 'no' : `${held} ms`)],
  ['users', ({ before, after }) => beforeAndAfter(before.users, after.users)],
  ['listings', ({ before, after }) => beforeAndAfter(before.listings, after.listings)],
]

const beforeAndAfter = (before: number, after: number): string =>
  before === after ? String(after) : `${before} → ${after}`

/** Names on the left, numbers on the right. */
export function reportTable(reports: readonly StepReport[]): string {
  const rows = [
    columns.map(([title]) => title),
    ...reports.map(report => columns.map(([, cell]) => cell(report))),
  ]
  const widths = columns.map((_, column) => Math.max(...rows.map(row => (row[column] ?? '').length)))
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
  return rows.map(line).join('\n')
}
