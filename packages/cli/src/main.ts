/** The command line: argv to exit code. Each command's file is loaded only when it is called. */
import { Command, CommanderError, Option } from 'commander'
import { ConfigError, KeyturnError } from 'keyturn'
import { commands, type Define } from './commands.ts'
import { Output, type GlobalFlags } from './output.ts'
import { ownError } from './own-error.ts'
import { version } from './version.ts'

/** Runs one command and says how it ended. */
async function main(argv: readonly string[]): Promise<number> {
  const program = programOf()
  if (argv.length === 0) {
    program.outputHelp()
    return 0
  }
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return typeof process.exitCode === 'number' ? process.exitCode : 0
  } catch (error) {
    return report(ownError(error), program.opts<GlobalFlags>())
  }
}

function programOf(): Command {
  const program = new Command('keyturn')
    .description('The whole life of JWT signing secrets: generate, check, rotate, roll back, kill.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(see keyturn help)')
    .exitOverride()
    .configureOutput({ writeErr: text => process.stderr.write(text.replace(/^error: /, 'keyturn: error: ')) })
    .addOption(new Option('-e, --environment <name>', 'the environment, from keyturn.config.json'))
    .addOption(new Option('--file <path>', 'the .env file (default: ./.env)'))
    .addOption(new Option('--hub <url>', 'a hub (default: KEYTURN_URL)'))
    .addOption(new Option('--ring <name>', 'application/environment (default: KEYTURN_RING)'))
    .addOption(new Option('--config <path>', 'the configuration (default: ./keyturn.config.json)'))
    .addOption(new Option('--json', 'print one JSON document'))
    .addOption(new Option('--plain', 'print tab-separated lines'))
    .addOption(new Option('-q, --quiet', 'no messages but warnings and errors'))
    .addOption(new Option('--no-color', 'no colours'))
    .addOption(new Option('--insecure-http', 'talk to a hub without TLS, although others could read it'))
    .addOption(new Option('-y, --yes', 'do not ask'))
  for (const { name, alias, summary, isFirst } of commands) {
    const command = program.command(name, { hidden: !isFirst }).summary(summary).description(summary)
    if (alias) command.alias(alias)
  }
  program.addHelpText('after', '\nAll commands: keyturn help all')
  program.hook('preSubcommand', (_, command) => define(command))
  return program
}

const defined = new Set<Command>()

/** Handed to each command, so that `help` and `completion` can ask for the others. */
const define: Define = async command => {
  const entry = commands.find(each => each.name === command.name())
  if (!entry || defined.has(command)) return
  defined.add(command)
  const { default: fill } = await entry.load()
  fill(command, define)
}

/** `keyturn audit list | head -1` closes the pipe early: nobody reads on, and the work goes on. */
function endQuietly(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
  }
}

/** Says what went wrong and what to do about it. */
function report(error: unknown, flags: GlobalFlags): number {
  if (error instanceof CommanderError) {
    // `commander.help` is help shown because a subcommand is missing: a mistake, not an answer.
    return error.code === 'commander.helpDisplayed' || error.code === 'commander.version' ? 0 : 2
  }
  if (!(error instanceof KeyturnError)) {
    const { name, message } = error instanceof Error ? error : { name: 'Error', message: 'unknown' }
    process.stderr.write(`keyturn: error: unexpected: ${name}: ${message}\n`)
    return 1
  }
  const findings = error instanceof ConfigError ? error.findings : []
  new Output(flags).document('error', { code: error.code, message: error.message, fix: error.fix, findings })
  process.stderr.write(`keyturn: error: ${error.message} (${error.code})\n`)
  for (const { message, remedy } of findings) process.stderr.write(`  ${message}: ${remedy}\n`)
  process.stderr.write(`keyturn: hint: ${error.fix}\n`)
  return error.exitCode
}

endQuietly()
process.exitCode = await main(process.argv.slice(2))
