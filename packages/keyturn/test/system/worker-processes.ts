/** startWorker: real processes that run the built library, all gone when the test ends. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

const folder = import.meta.dirname
const built = join(folder, '../../dist/index.js')

export interface Outcome {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface Worker {
  readonly child: ChildProcess
  readonly pid: number
  /** What it has printed so far. */
  stdout(): string
  /** Resolves when it has printed the text. */
  printed(text: string): Promise<void>
  readonly ended: Promise<Outcome>
}

export interface WorkerOptions {
  /** A command that runs the worker: it is given Node's path and arguments after its own. */
  readonly under?: readonly [command: string, ...args: string[]]
  readonly uid?: number
  readonly gid?: number
}

/** The command line that runs a script of this folder. */
export function workerCommand(script: string, ...args: string[]): [command: string, ...args: string[]] {
  if (!existsSync(built)) throw new Error('workers run the built library: npm run build')
  return [process.execPath, join(folder, script), ...args]
}

/** Runs a script of this folder. */
export const startWorker = (script: string, args: readonly string[], options: WorkerOptions = {}): Worker =>
  startProcess([...(options.under ?? []), ...workerCommand(script, ...args)], options)

/** Runs a script of this folder to its end. */
export const runWorker = (
  script: string,
  args: readonly string[],
  options: WorkerOptions = {},
): Promise<Outcome> => startWorker(script, args, options).ended

function startProcess(line: readonly string[], { uid, gid }: WorkerOptions): Worker {
  const [command = '', ...args] = line
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH },
    ...(uid !== undefined && { uid }),
    ...(gid !== undefined && { gid }),
  })
  // A worker that was killed does not read any more.
  child.stdin.on('error', () => undefined)
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const ended = once(child, 'close').then((): Outcome => {
    return { code: child.exitCode, signal: child.signalCode, stdout, stderr }
  })
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    await ended
  })
  return {
    child,
    pid: child.pid ?? 0,
    stdout: () => stdout,
    printed: async text => {
      while (!stdout.includes(text)) {
        const outcome = await Promise.race([once(child.stdout, 'data').then(() => undefined), ended])
        if (outcome && !stdout.includes(text))
          throw new Error(`the worker ended (${outcome.code ?? outcome.signal}): ${stderr}`)
      }
    },
    ended,
  }
}
