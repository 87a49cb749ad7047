/** Site: a ring, three backends, and the users who are signed in to them. */
import { BackendProcess } from './backend-process.ts'
import { Crowd } from './crowd.ts'
import { DemoError } from './demo-error.ts'
import type { DemoFolder } from './demo-folder.ts'
import { closeConnections } from './http-call.ts'
import { runKeyturn, type KeyturnRun } from './keyturn-command.ts'
import type { DemoOptions } from './options.ts'

/** The name that an emergency must be confirmed with. */
export const ringName = 'immonow/demo'

const backendCount = 3

export class Site {
  readonly folder: DemoFolder
  /** Rejects with a {@link DemoError} when a backend ends by itself. */
  readonly failure: Promise<never>
  urls: readonly string[] = []
  readonly #options: DemoOptions
  readonly #abort = new AbortController()
  readonly #commands = new Set<Promise<KeyturnRun>>()
  #backends: BackendProcess[] = []
  #crowd: Crowd | undefined
  #fail: (error: DemoError) => void = () => undefined

  constructor(folder: DemoFolder, options: DemoOptions) {
    this.folder = folder
    this.#options = options
    this.failure = new Promise((_, reject) => {
      this.#fail = reject
    })
    this.failure.catch(() => undefined)
  }

  get envFile(): string {
    return this.folder.file('.env')
  }

  get databaseFile(): string {
    return this.folder.file('immonow.sqlite')
  }

  /** The users, after {@link open}. */
  get crowd(): Crowd {
    if (!this.#crowd) throw new Error('the site is not open')
    return this.#crowd
  }

  /** Makes the ring, starts the backends, signs everybody in, and lets them go on. @throws {DemoError} */
  async open(say: (text: string) => void): Promise<void> {
    await this.#step(say, `${this.envFile}: a fresh secret, ring ${ringName}`, () => this.#makeRing())
    await this.#step(say, 'three ImmoNow backends', () => this.#startBackends())
    const { users } = this.#options
    this.#crowd = new Crowd(users, this.urls)
    say(`  signing in ${users} user${users === 1 ? '' : 's'} …`)
    await this.#step(say, `${users} signed in`, () => this.crowd.enter())
    if (!this.isClosing) this.crowd.start()
  }

  /** Runs the real command line on this ring. */
  async keyturn(args: readonly string[], said?: (line: string) => void): Promise<KeyturnRun> {
    const command = runKeyturn([...args, '--file', this.envFile], {
      signal: this.#abort.signal,
      ...(said && { said }),
    })
    this.#commands.add(command)
    try {
      return await command
    } finally {
      this.#commands.delete(command)
    }
  }

  /** Ends everything, in order. */
  async close(): Promise<void> {
    this.#abort.abort()
    this.#crowd?.stop()
    await Promise.allSettled(this.#commands)
    await Promise.all(this.#backends.map(backend => backend.stop()))
    closeConnections()
  }

  /** Ends everything at once. */
  kill(): void {
    for (const backend of this.#backends) backend.kill()
  }

  /** From the first step of the end on: what happens now is no news. */
  get isClosing(): boolean {
    return this.#abort.signal.aborted
  }

  async #makeRing(): Promise<void> {
    const { exit, messages } = await this.keyturn(['init', '--ring', ringName])
    if (exit !== 0) throw new DemoError(`keyturn init ended with exit code ${exit}`, ...messages)
  }

  async #startBackends(): Promise<void> {
    const { portBase } = this.#options
    for (let number = 1; number <= backendCount && !this.isClosing; number += 1) {
      const backend = new BackendProcess({
        number,
        port: portBase === 0 ? 0 : portBase + number - 1,
        databaseFile: this.databaseFile,
        envFile: this.envFile,
        logFile: this.folder.file(`backend-${number}.log`),
      })
      this.#backends.push(backend)
      if (backend.pid !== 0) this.folder.record(backend.pid)
      void backend.ended.then(how => this.#ended(backend, how))
    }
    this.urls = await Promise.all(this.#backends.map(backend => backend.listening()))
  }

  #ended(backend: BackendProcess, how: string): void {
    if (this.isClosing) return
    this.#fail(
      new DemoError(`backend ${backend.number} (process ${backend.pid}) ${how}`, ...backend.lastLines()),
    )
  }

  async #step(say: (text: string) => void, text: string, work: () => Promise<void>): Promise<void> {
    const started = performance.now()
    await work()
    if (!this.isClosing) say(`✔ ${text.padEnd(58)} ${((performance.now() - started) / 1000).toFixed(1)} s`)
  }
}
