/** readOptions: what `npm start --` was asked to do. */
import { parseArgs } from 'node:util'

export interface DemoOptions {
  /** The tour by itself, instead of the show. */
  readonly once: boolean
  readonly users: number
  /** First of four ports; 0 takes any that are free. */
  readonly portBase: number
  /** Leave `.demo` behind, to look at. */
  readonly keep: boolean
  readonly help: boolean
}

export const helpText = `Usage: npm start                  a hub, three backends, signed-in users, one live line
       npm start -- --once        the tour by itself: exit 0 when everything held

Options:
  --once           graceful, hard, rollback, emergency, one after the other, each checked
  --users N        simulated users, 1 to 200 (default: 30)
  --port-base N    the hub listens on N, the backends on N+1, N+2 and N+3 (default: any free ports)
  --keep           leave .demo behind, to look at; the next start removes it
  -h, --help       show this
`

const wholeNumber = (name: string, text: string, low: number, high: number): number => {
  const number = /^\d{1,6}$/.test(text) ? Number(text) : NaN
  if (number >= low && number <= high) return number
  throw new TypeError(`--${name} is a whole number from ${low} to ${high}`)
}

/** @throws {TypeError} for an option that is not known or not right */
export function readOptions(args: readonly string[]): DemoOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      once: { type: 'boolean', default: false },
      users: { type: 'string', default: '30' },
      'port-base': { type: 'string', default: '0' },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const portBase = values['port-base']
  return {
    once: values.once,
    users: wholeNumber('users', values.users, 1, 200),
    portBase: portBase === '0' ? 0 : wholeNumber('port-base', portBase, 1, 65_532),
    keep: values.keep,
    help: values.help,
  }
}
