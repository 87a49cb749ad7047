/** The table on the screen, and the shorter one for a README. */
// @ts-check

/** @typedef {import('./time-scenes.js').Result} Result */
/** @typedef {import('./time-scenes.js').Spread} Spread */

/** @param {number} ns */
const whole = ns => ns.toFixed(0).replace(/\B(?=(\d{3})+$)/g, ',')

/** @param {number} ratio */
const short = ratio => ratio.toFixed(2)

/** @param {Spread} spread @param {(value: number) => string} format */
const range = ({ p10, p90 }, format) => `${format(p10)}..${format(p90)}`

/** @param {{ gate?: string, reached?: boolean }} row */
const verdict = ({ gate, reached }) => (gate === undefined ? '' : `${gate} ${reached ? 'ok' : 'MISSED'}`)

/** @param {readonly Result[]} results @returns {string} */
export function tokenTable(results) {
  const head = ['', 'against', 'keyturn ns', 'p10..p90', 'other ns', 'p10..p90', 'ratio', 'p10..p90', 'gate']
  const rows = results.map(result => [
    result.title,
    result.against,
    whole(result.oursNs.median),
    range(result.oursNs, whole),
    whole(result.otherNs.median),
    range(result.otherNs, whole),
    `${short(result.ratio.median)}x`,
    range(result.ratio, short),
    verdict(result),
  ])
  return alignedTable([head, ...rows], new Set([2, 4, 6]))
}

/** @param {readonly Result[]} results @returns {string} */
export function markdownTable(results) {
  const rows = results.map(
    result =>
      `| ${result.title} | ${result.against} | ${whole(result.oursNs.median)} | ${whole(result.otherNs.median)} | ${short(result.ratio.median)}x${result.meaning === 'times faster' ? '' : ' its time'} |`,
  )
  return [
    '| | against | keyturn, ns | other, ns | keyturn is faster |',
    '|---|---|--:|--:|--:|',
    ...rows,
  ].join('\n')
}

/** @param {readonly (readonly string[])[]} rows @param {ReadonlySet<number>} right columns aligned to the right */
function alignedTable(rows, right) {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => (row[column] ?? '').length)))
  return rows
    .map(row =>
      row
        .map((cell, column) =>
          right.has(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** @param {readonly import('./cost-bounds.js').Cost[]} costs @returns {string} */
export function costTable(costs) {
  const lengths = [1, 2, 4, 8, 1024]
  const head = [
    '',
    ...lengths.map(length => (length === 1024 ? '1 MiB' : `${length} KiB`)),
    '8 KiB first',
    'growth',
    'gate',
  ]
  const rows = costs.map(cost => [
    cost.title,
    ...lengths.map(length => microseconds(cost.ns[length * 1024])),
    microseconds(cost.first),
    cost.growth === undefined ? '' : short(cost.growth),
    verdict(cost),
  ])
  return alignedTable([head, ...rows], new Set([1, 2, 3, 4, 5, 6, 7]))
}

/** @param {number | undefined} ns */
const microseconds = ns => (ns === undefined ? '' : (ns / 1000).toFixed(1))
