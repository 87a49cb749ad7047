/** completionTree: every command with its sub-commands, flags and values, from the real definitions. */
import type { Command, Option } from 'commander'
import type { Define } from '../commands.ts'
import { causes } from '../usage.ts'

/** A flag, and what may follow it. */
export interface Flag {
  readonly short?: string
  readonly long: string
  readonly description: string
  readonly takesValue: boolean
  /** Its values, where they are known. */
  readonly values: readonly string[]
  readonly takesPath: boolean
}

/** One command; the program itself has the empty path. */
export interface CommandNode {
  /** `key import`. */
  readonly path: string
  readonly names: readonly Word[]
  readonly flags: readonly Flag[]
}

/** A word that may stand next: a sub-command, or a value of the first argument. */
export interface Word {
  readonly name: string
  readonly description: string
}

/** Values that a command checks by itself, and so are not in its definition. */
const valuesOf: Readonly<Record<string, readonly string[]>> = {
  '--mode': ['graceful', 'hard'],
  '--cause': causes,
  '--format': ['raw', 'env', 'shell', 'json'],
}

/** Words of the commands that take names of other things than sub-commands. */
function extraWords(path: string, program: Command): readonly Word[] {
  const plain = (names: readonly string[]): Word[] => names.map(name => ({ name, description: '' }))
  if (path === 'completion') return plain(['bash', 'zsh', 'fish'])
  if (path !== 'help') return []
  return [...plain(['all', 'exit-codes', 'environment']), ...wordsOf(program)]
}

export async function completionTree(program: Command, define: Define): Promise<readonly CommandNode[]> {
  for (const command of program.commands) await define(command)
  const common = program.options.map(flagOf)
  const walk = (command: Command, path: string): readonly CommandNode[] => {
    const own = command === program ? [] : command.options.map(flagOf)
    const node: CommandNode = {
      path,
      names: [...wordsOf(command), ...extraWords(path, program)],
      flags: [...own, ...common, help],
    }
    const below = command.commands.flatMap(each =>
      [each.name(), ...each.aliases()].flatMap(name => walk(each, path === '' ? name : `${path} ${name}`)),
    )
    return [node, ...below]
  }
  return walk(program, '')
}

const wordsOf = (command: Command): readonly Word[] =>
  command.commands.flatMap(each =>
    [each.name(), ...each.aliases()].map(name => ({
      name,
      description: each.summary() || each.description(),
    })),
  )

const help: Flag = {
  short: '-h',
  long: '--help',
  description: 'show help',
  takesValue: false,
  values: [],
  takesPath: false,
}

function flagOf(option: Option): Flag {
  const long = option.long ?? ''
  return {
    ...(option.short && { short: option.short }),
    long,
    description: option.description,
    takesValue: option.required || option.optional,
    values: option.argChoices ?? valuesOf[long] ?? [],
    takesPath: option.flags.includes('<path>'),
  }
}
