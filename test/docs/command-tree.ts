/** The commands that there are, as `--help` of the built bin shows them, and faults in what a text says of them. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { commands } from '../../packages/cli/src/commands.ts'
import { absolute } from './documents.ts'

/** Flags by command; a subcommand is `key list`. Every command takes the flags of the program, at ''. */
export type CommandTree = ReadonlyMap<string, ReadonlySet<string>>

interface Help {
  readonly flags: ReadonlySet<string>
  readonly subcommands: readonly string[]
}

function helpOf(args: readonly string[]): Promise<Help> {
  const env = { PATH: process.env['PATH'], COLUMNS: '200', NO_COLOR: '1' }
  const child = spawn(process.execPath, [absolute('packages/keyturn/bin/keyturn.js'), ...args, '--help'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', code =>
      code === 0
        ? resolve(parseHelp(text))
        : reject(new Error(`keyturn ${args.join(' ')} --help: exit ${code}`)),
    )
  })
}

function parseHelp(text: string): Help {
  const flags = new Set<string>()
  const subcommands: string[] = []
  let section = ''
  for (const line of text.split('\n')) {
    section = /^(\w[\w ]*):$/.exec(line)?.[1] ?? section
    const [, entry = ''] = /^ {2}(\S.*?)(?: {2,}|$)/.exec(line) ?? []
    if (section === 'Commands') subcommands.push(...(entry.split(' ')[0]?.split('|') ?? []))
    else for (const [flag] of entry.matchAll(/(?<![\w-])--?[\w-]+/g)) flags.add(flag)
  }
  return { flags, subcommands: subcommands.filter(name => name !== '') }
}

let tree: Promise<CommandTree> | undefined

/** Read once. */
export function commandTree(): Promise<CommandTree> {
  tree ??= readTree()
  return tree
}

async function readTree(): Promise<CommandTree> {
  const found = new Map<string, ReadonlySet<string>>([['', (await helpOf([])).flags]])
  const look = async (path: readonly string[]): Promise<void> => {
    const { flags, subcommands } = await helpOf(path)
    found.set(path.join(' '), flags)
    for (const name of subcommands) await look([...path, name])
  }
  // Two at a time: the smallest machine has two cores.
  const names = commands.flatMap(({ name, alias }) => (alias === undefined ? [name] : [name, alias]))
  const work = async (): Promise<void> => {
    for (let name = names.shift(); name !== undefined; name = names.shift()) await look([name])
  }
  await Promise.all([work(), work()])
  return found
}

/** Every `keyturn …` in a piece of code, up to the next pipe or operator. */
function callsIn(code: string): readonly string[] {
  return [...code.matchAll(/(?:^|[\s/(])keyturn((?: +[^\s|>;&#)…]+)*)/g)]
    .map(([, rest = '']) => rest.trim())
    .filter(rest => rest !== '' || /^(?:npx )?keyturn$/.test(code))
}

/** What a text says of commands and flags that do not exist. */
export function commandFaults(codes: readonly string[], known: CommandTree): readonly string[] {
  return codes.flatMap(code => callsIn(code).flatMap(call => faultsOf(call.split(/ +/), known)))
}

function faultsOf(words: readonly string[], known: CommandTree): readonly string[] {
  const names = words.filter(word => !word.startsWith('-'))
  const [first = '', second = ''] = names
  if (words[0]?.startsWith('-') || first === '') return flagFaults('', words, known)
  if (!known.has(first)) return [`there is no command keyturn ${first}`]
  const hasSubcommands = [...known.keys()].some(path => path.startsWith(`${first} `))
  const path = hasSubcommands && second !== '' ? `${first} ${second}` : first
  if (!known.has(path)) return [`there is no command keyturn ${path}`]
  return flagFaults(path, words, known)
}

function flagFaults(path: string, words: readonly string[], known: CommandTree): readonly string[] {
  return words
    .filter(word => /^--?[a-z]/i.test(word))
    .map(word => word.split('=')[0] ?? word)
    .filter(flag => !known.get(path)?.has(flag) && !known.get('')?.has(flag))
    .map(flag => `keyturn ${path} has no flag ${flag}`)
}

/** Faults in `npm run …` and `npm test`, `npm start`. */
export function scriptFaults(codes: readonly string[]): readonly string[] {
  const scriptsOf = (folder: string): Readonly<Record<string, string>> => {
    const manifest = JSON.parse(readFileSync(absolute(`${folder}/package.json`), 'utf8')) as {
      scripts?: Record<string, string>
    }
    return manifest.scripts ?? {}
  }
  return codes.flatMap(code =>
    [...code.matchAll(/\bnpm (?:run(?: -s)? )?(?<name>start|test|(?<=run (?:-s )?)[\w:-]+)(?<rest>[^|;&]*)/g)]
      .map(({ groups }) => ({
        name: groups?.['name'] ?? '',
        folder: /-w (\S+)/.exec(groups?.['rest'] ?? '')?.[1] ?? '.',
      }))
      .filter(({ name, folder }) => !(name in scriptsOf(folder)))
      .map(({ name, folder }) => `${folder}/package.json has no script ${name}`),
  )
}
