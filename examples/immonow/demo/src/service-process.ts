/** ServiceProcess: a process of the demo that serves until it is stopped: the hub, or a backend. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { childEnvironment } from './child-environment.ts'
import { DemoError } from './demo-error.ts'

export interface ServiceOptions<Listening> {
  /** For people, as in `backend 2`. */
  readonly name: string
  /** What node runs, and its arguments. Everybody on this machine can read them. */
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly logFile: string
  /** Reads the line of standard output that says that it listens; undefined for any other. */
  readonly listening: (line: string) => Listening | undefined
}

/** Milliseconds. */
const startPatience = 60_000
const stopPatience = 5_000

export class ServiceProcess<Listening> {
  readonly name: string
  readonly pid: number
  /** Says how it ended. Never rejects. */
  readonly ended: Promise<string>
  readonly #child: ChildProcess
  readonly #listening: Promise<Listening>
  readonly #logFile: string

  /** Starts it. */
  constructor({ name, args, env = {}, logFile, listening }: ServiceOptions<Listening>) {
    const log = openSync(logFile, 'a', 0o600)
    const child = spawn(process.execPath, args, {
      env: childEnvironment(env),
      stdio: ['ignore', 'pipe', log],
      // A process group of its own: Ctrl-C is for the demo, which stops its processes in order.
      detached: true,
    })
    this.#child = child
    this.#listening = listeningOf(child, listening, log)
    this.#logFile = logFile
    this.ended = endOf(child)
    this.name = name
    this.pid = child.pid ?? 0
  }

  /** What it said when it began to listen. @throws {DemoError} when it does not */
  async listening(): Promise<Listening> {
    const late = new Promise<string>(resolve =>
      setTimeout(() => resolve(`does not listen after ${startPatience / 1000} s`), startPatience).unref(),
    )
    const failed = Promise.race([this.ended, late]).then(how => {
      throw new DemoError(`${this.name} ${how}`, ...this.lastLines())
    })
    return Promise.race([this.#listening, failed])
  }

  /** SIGTERM, and SIGKILL after five seconds. */
  async stop(): Promise<void> {
    const timer = setTimeout(() => this.kill(), stopPatience)
    this.#child.kill('SIGTERM')
    await this.ended
    clearTimeout(timer)
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }

  /** The end of its log. */
  lastLines(): readonly string[] {
    try {
      return readFileSync(this.#logFile, 'utf8').trimEnd().split('\n').slice(-8)
    } catch {
      return []
    }
  }
}

async function endOf(child: ChildProcess): Promise<string> {
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
    return signal === null ? `ended with exit code ${code ?? 'unknown'}` : `was ended by ${signal}`
  } catch (error) {
    return `cannot be started: ${error instanceof Error ? error.message : 'unknown'}`
  }
}

/**
 * What the line says; it may hold a secret, so it is in no log. All others are. The stream stays open: a write to a
 * closed one ends a process.
 */
function listeningOf<Listening>(
  { stdout }: ChildProcess,
  read: (line: string) => Listening | undefined,
  log: number,
): Promise<Listening> {
  return new Promise(resolve => {
    if (!stdout) return closeSync(log)
    createInterface({ input: stdout })
      .on('line', line => {
        const found = read(line)
        if (found === undefined) writeSync(log, `${line}\n`)
        else resolve(found)
      })
      .on('close', () => closeSync(log))
  })
}
