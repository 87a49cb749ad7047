/** runKeyturn: the real command line, as an operator starts it. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { childEnvironment } from './child-environment.ts'

export interface KeyturnRun {
  readonly exit: number
  /** The document of `--json`; empty without one. */
  readonly document: Readonly<Record<string, unknown>>
  /** What it said on standard error, line by line. */
  readonly messages: readonly string[]
  readonly seconds: number
}

/** What `npx keyturn` runs. */
export const keyturnBin = fileURLToPath(
  new URL('bin/keyturn.js', import.meta.resolve('keyturn/package.json')),
)

/** How a person types it here. */
export const keyturnName = (): string =>
  existsSync('node_modules/.bin/keyturn') ? 'npx keyturn' : `node ${relative('.', keyturnBin)}`

export interface KeyturnOptions {
  /** Which hub, and the file of the token for it. */
  readonly env: Readonly<Record<string, string>>
  /** Hears its process id. */
  readonly started?: (pid: number) => void
  /** Hears each line of standard error, as it comes. */
  readonly said?: (line: string) => void
  /** Ends the command. */
  readonly signal?: AbortSignal
}

/** Runs a command with `--json`. It has ended when the promise settles. */
export async function runKeyturn(
  args: readonly string[],
  { env, started: hasStarted, said, signal }: KeyturnOptions,
): Promise<KeyturnRun> {
  const started = performance.now()
  const child = spawn(process.execPath, [keyturnBin, ...args, '--json'], {
    env: childEnvironment({ NO_COLOR: '1', ...env }),
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal && { signal }),
  })
  if (child.pid !== undefined) hasStarted?.(child.pid)
  let output = ''
  let rest = ''
  const messages: string[] = []
  const hear = (line: string): void => {
    messages.push(line)
    said?.(line)
  }
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (output += piece))
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    lines.forEach(hear)
  })
  const exit = await new Promise<number>((resolve, reject) => {
    child.on('error', error => {
      if (child.pid === undefined) reject(error)
    })
    child.on('close', code => resolve(code ?? 1))
  })
  if (rest !== '') hear(rest)
  return { exit, document: documentIn(output), messages, seconds: (performance.now() - started) / 1000 }
}

function documentIn(output: string): KeyturnRun['document'] {
  try {
    return JSON.parse(output) as KeyturnRun['document']
  } catch {
    return {}
  }
}
