/** keyturn help: a command's help, every command, exit codes, variables. */
import type { Command } from 'commander'
import type { Define } from '../commands.ts'
import { nearest } from '../nearest.ts'
import { Output, type GlobalFlags } from '../output.ts'
import { usageError } from '../usage-error.ts'

interface HelpFlags extends GlobalFlags {
  readonly all?: boolean
}

export default (command: Command, define: Define): void => {
  command
    .argument('[topic...]', `a command, or ${Object.keys(topics).join(', ')}`)
    .option('--all', 'every command')
    .action(async (words: readonly string[], _, self: Command) => {
      const flags = self.optsWithGlobals<HelpFlags>()
      const output = new Output(flags)
      const program = command.parent ?? command
      const [topic] = words
      if (topic === undefined && !flags.all) return program.outputHelp()
      const show = topics[topic ?? 'all']
      if (show && words.length <= 1) return show(output, program)
      const found = await commandOf(program, words, define)
      found.outputHelp()
    })
}

async function commandOf(program: Command, words: readonly string[], define: Define): Promise<Command> {
  let found = program
  for (const [index, word] of words.entries()) {
    const next = found.commands.find(each => each.name() === word || each.aliases().includes(word))
    if (!next) throw unknown(found, words.slice(0, index), word)
    await define(next)
    found = next
  }
  return found
}

function unknown(parent: Command, before: readonly string[], word: string): Error {
  const known = parent.commands.map(each => each.name())
  const meant = nearest(word, before.length === 0 ? [...known, ...Object.keys(topics)] : known)
  const said = word.slice(0, 40)
  const path = ['keyturn', 'help', ...before]
  const instead = meant === undefined ? 'see keyturn help all' : `did you mean ${[...path, meant].join(' ')}?`
  return usageError(`there is no help on ${[...before, said].join(' ')}: ${instead}`)
}

const topics: Readonly<Record<string, (output: Output, program: Command) => void>> = {
  all: showAll,
  'exit-codes': output => showRows(output, 'exit-codes', ['code', 'meaning'], exitCodes),
  environment: output => showRows(output, 'environment', ['variable', 'meaning'], variables),
}

function showAll(output: Output, program: Command): void {
  const rows = program.commands.map(each => [each.name(), each.summary()] as const)
  output.document('commands', { commands: rows.map(([name, summary]) => ({ name, summary })) })
  if (output.json) return
  if (output.plain) return rows.forEach(row => output.line(row.join('\t')))
  const width = Math.max(...rows.map(([name]) => name.length)) + 2
  output.line('Usage: keyturn [options] <command>')
  output.line()
  for (const [name, summary] of rows) output.line(`  ${name.padEnd(width)}${summary}`)
  output.line()
  output.line(
    'One command: keyturn help <command>     Also: keyturn help exit-codes, keyturn help environment',
  )
}

function showRows(
  output: Output,
  schema: string,
  fields: readonly [string, string],
  rows: readonly (readonly [string, string])[],
): void {
  output.document(schema, {
    rows: rows.map(([first, second]) => ({ [fields[0]]: first, [fields[1]]: second })),
  })
  if (output.json) return
  output.table(
    fields.map(field => field.toUpperCase()),
    rows,
  )
}

const exitCodes: readonly (readonly [string, string])[] = [
  ['0', 'done'],
  ['1', 'failed: the message says why, and what was changed'],
  ['2', 'usage: a flag is wrong or missing, also a reason without a terminal to ask on'],
  ['3', 'findings: check, doctor, status --check, fleet list --check'],
  ['4', 'access denied'],
  ['5', 'not found: a key, an instance, an environment, a file'],
  ['6', 'refused by a guard: the message says how to go on'],
  ['7', 'timed out: says whether nothing changed, or who lags'],
  ['8', 'integrity: the audit trail or the ring does not hold together'],
  ['10', '--dry-run --exit-code: something would change'],
]

const variables: readonly (readonly [string, string])[] = [
  ['JWT_SECRET_KEY', 'the active secret ("variable" in the configuration renames it, and those below)'],
  ['JWT_SECRET_KEY_NEXT', 'the staged secret'],
  ['JWT_SECRET_KEY_PREVIOUS', 'retiring secrets, comma-separated, newest first'],
  ['JWT_SECRET_KEY_SUSPENDED', 'suspended secrets: for rollback, never verified with'],
  ['JWT_SECRET_KEY_LEGACY', 'one adopted secret that verifies until its grace ends'],
  ['JWT_KEYRING', "the ring's record, without secrets"],
  ['JWT_SECRET_KEY_FILE', 'a file that holds the secret, as Docker mounts it; for each of those above'],
  ['CREDENTIALS_DIRECTORY', 'a folder of such files, as systemd sets it'],
  ['KEYTURN_ENV_FILE', 'a .env file: applications follow it live, and commands take it for --file'],
  ['KEYTURN_URL', 'address of a hub: applications follow it live, and commands take it for --hub'],
  ['KEYTURN_RING', "the ring at the hub, application/environment; not needed for a hub's only one"],
  ['KEYTURN_TOKEN', 'the access token for that hub (default for commands: the login)'],
  ['KEYTURN_TOKEN_FILE', 'a file that holds it'],
  ['KEYTURN_INSECURE_HTTP', '1: talk to a hub beyond this machine without TLS'],
  ['KEYTURN_MASTER_KEY', 'serve: what seals the rings in the database; _FILE: a file that holds it'],
  ['DATABASE_URL', 'serve: PostgreSQL, for several replicas'],
  ['XDG_CONFIG_HOME', 'logins are kept in keyturn/credentials.json there (default: ~/.config)'],
  ['NO_COLOR', 'no colours; FORCE_COLOR: always'],
]
