/** The command line of `npm run bench`: what there is to measure, and the options of each. */
// @ts-check
import { commandStart } from './command-start.js'
import { keyringStart } from './keyring-start.js'
import { swapToUse } from './swap-to-use.js'
import { parseTokenOptions, tokenHelp, UsageError } from './tokens/options.js'

const help = `npm run bench
  Start of the command line, start of a keyring, and how fast a swap becomes the key in use.

npm run bench -- tokens [OPTIONS]
${tokenHelp}
npm run bench -- --help
  This.
`

async function processes() {
  console.log(
    `keyturn bench, ${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${process.platform} ${process.arch}`,
  )
  await commandStart()
  await keyringStart()
  await swapToUse()
  return 0
}

/** @param {readonly string[]} args @returns {Promise<number>} exit code */
async function run(args) {
  const [what, ...rest] = args
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(help)
    return 0
  }
  if (what === 'tokens') {
    const options = parseTokenOptions(rest)
    // Loaded late: the other measurements do not need the libraries it compares with.
    const { benchTokens } = await import('./tokens/bench-tokens.js')
    return benchTokens(options)
  }
  if (what !== undefined) throw new UsageError(`there is nothing to do for ${what}`)
  return processes()
}

/** @param {unknown} error @returns {number} exit code */
function report(error) {
  if (error instanceof Error && 'exitCode' in error) return Number(error.exitCode)
  process.stderr.write(`bench: error: ${error instanceof Error ? error.message : String(error)}\n`)
  if (!(error instanceof UsageError)) return 1
  process.stderr.write(`\n${help}`)
  return 2
}

process.exitCode = await run(process.argv.slice(2)).catch(report)
