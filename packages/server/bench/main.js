/** The command line of `npm run bench -- fleet`. */
// @ts-check
import { parseArgs } from 'node:util'
import { benchFleet } from './fleet/bench-fleet.js'

const help = `npm run bench -- fleet [--sizes 10,100,1000,5000] [--changes 50] [--gate] [--json]
  One hub and so many instances on this machine: memory, how soon the last instance knows a change, how long a reconnect
  of all at once takes, and forward-auth against a bare route.
  --gate   exit 1 when a target is missed
`

/** @param {string[]} args */
function optionsOf(args) {
  const { values } = parseArgs({
    args,
    options: {
      sizes: { type: 'string', default: '10,100,1000,5000' },
      changes: { type: 'string', default: '50' },
      gate: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const sizes = values.sizes.split(',').map(Number)
  const changes = Number(values.changes)
  if ([...sizes, changes].some(each => !Number.isSafeInteger(each) || each < 1))
    throw new TypeError('--sizes and --changes are whole numbers above zero')
  return { ...values, sizes, changes }
}

try {
  const options = optionsOf(process.argv.slice(3))
  if (options.help) process.stdout.write(help)
  else process.exitCode = await benchFleet(options)
} catch (error) {
  const isUsage = error instanceof TypeError
  process.stderr.write(`bench: error: ${error instanceof Error ? error.message : String(error)}\n`)
  if (isUsage) process.stderr.write(`\n${help}`)
  process.exitCode = isUsage ? 2 : 1
}
