/** The options of `npm run bench -- tokens`. */
// @ts-check
import { parseArgs } from 'node:util'

export class UsageError extends Error {}

/** Parts of the token bench, in the order in which they run. */
const parts = /** @type {const} */ ([
  'verify',
  'sign',
  'ring',
  'ring-size',
  'no-kid',
  'refuse',
  'cache',
  'async',
  'sizes',
  'shapes',
  'cost-bounds',
])
/** @typedef {typeof parts[number]} Part */

export const tokenHelp = `  Signing and verifying against the libraries that others use, and the cost of the worst inputs.
  --quick           fewer rounds: about 30 seconds instead of 2 minutes
  --only PARTS      of ${parts.slice(0, 6).join(', ')},
                    ${parts.slice(6).join(', ')}
  --nodes MAJORS    the same under each Node of the list, such as 20,22,24, from npm
  --gate            exit code 1 when a gate is missed
  --markdown        the table for a README
  --json FILE       writes all results
`

/**
 * @typedef {object} TokenOptions
 * @property {boolean} quick
 * @property {readonly Part[]} only
 * @property {readonly string[]} nodes
 * @property {boolean} gate
 * @property {boolean} markdown
 * @property {string | undefined} json
 */

/** @param {string[]} args @returns {TokenOptions} @throws {UsageError} */
export function parseTokenOptions(args) {
  const { quick, only, nodes, gate, markdown, json } = parsed(args)
  /** @type {readonly string[]} */
  const wanted = only?.split(',') ?? parts
  const unknown = wanted.filter(name => !parts.some(part => part === name))
  if (unknown.length > 0) throw new UsageError(`--only knows no part ${unknown.join(', ')}`)
  const majors = nodes?.split(',') ?? []
  if (majors.some(major => !/^[1-9][0-9]$/.test(major)))
    throw new UsageError('--nodes is a list of major versions, such as 20,22,24')
  if (json === '') throw new UsageError('--json needs a file')
  return { quick, only: parts.filter(name => wanted.includes(name)), nodes: majors, gate, markdown, json }
}

/** @param {string[]} args */
function parsed(args) {
  const flag = /** @type {const} */ ({ type: 'boolean', default: false })
  const text = /** @type {const} */ ({ type: 'string' })
  const options = { quick: flag, only: text, nodes: text, gate: flag, markdown: flag, json: text }
  try {
    return parseArgs({ args, options }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}
