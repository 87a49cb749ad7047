/** BackendProcess: one ImmoNow backend, a process of its own. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { childEnvironment } from './child-environment.ts'
import { DemoError } from './demo-error.ts'

export interface BackendOptions {
  /** For people: 1, 2, 3. */
  readonly number: number
  /** 0 takes any. */
  readonly port: number
  readonly databaseFile: string
  /** The .env file that holds the ring. */
  readonly envFile: string
  readonly logFile: string
}

/** Milliseconds. */
const startPatience = 20_000
const stopPatience = 5_000

export class BackendProcess {
  readonly number: number
  readonly pid: number
  /** Says how it ended. Never rejects. */
  readonly ended: Promise<string>
  readonly #child: ChildProcess
  readonly #address: Promise<string>
  readonly #logFile: string

  /** Starts it. */
  constructor({ number, port, databaseFile, envFile, logFile }: BackendOptions) {
    const log = openSync(logFile, 'a', 0o600)
    const main = fileURLToPath(import.meta.resolve('immonow-backend/dist/main.js'))
    const child = spawn(process.execPath, [main], {
      env: childEnvironment({
        HOST: '127.0.0.1',
        PORT: String(port),
        DATABASE_FILE: databaseFile,
        KEYTURN_ENV_FILE: envFile,
      }),
      stdio: ['ignore', 'pipe', log],
      // A process group of its own: Ctrl-C is for the demo, which stops its backends in order.
      detached: true,
    })
    closeSync(log)
    this.#child = child
    this.#address = addressOf(child)
    this.#logFile = logFile
    this.ended = endOf(child)
    this.number = number
    this.pid = child.pid ?? 0
  }

  /** Its address, as soon as it listens. @throws {DemoError} when it does not */
  async listening(): Promise<string> {
    const late = new Promise<{ how: string }>(resolve =>
      setTimeout(
        () => resolve({ how: `does not listen after ${startPatience / 1000} s` }),
        startPatience,
      ).unref(),
    )
    const answer = await Promise.race([this.#address, this.ended.then(how => ({ how })), late])
    if (typeof answer === 'string') return answer
    throw new DemoError(`backend ${this.number} ${answer.how}`, ...this.lastLines())
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

/** What the line `{"event":"listening","url":...}` says. The stream stays open: a write to a closed one ends a process. */
function addressOf(child: ChildProcess): Promise<string> {
  let output = ''
  return new Promise(resolve => {
    child.stdout?.setEncoding('utf8').on('data', (piece: string) => {
      output = (output + piece).slice(-4096)
      const url = /^\{"event":"listening","url":"([^"]+)".*\}$/m.exec(output)?.[1]
      if (url !== undefined) resolve(url)
    })
  })
}
