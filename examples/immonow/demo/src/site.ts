/** Site: a hub with one ring, three backends on it, and the users who are signed in to them. */
import { startBackend } from './backend.ts'
import { Crowd } from './crowd.ts'
import { DemoError } from './demo-error.ts'
import type { DemoFolder } from './demo-folder.ts'
import { closeConnections } from './http-call.ts'
import { startHub, type ListeningHub } from './hub.ts'
import { runKeyturn, type KeyturnRun } from './keyturn-command.ts'
import type { DemoOptions } from './options.ts'
import { RingAtHub } from './ring-at-hub.ts'
import type { ServiceProcess } from './service-process.ts'
import { setUpHub } from './set-up-hub.ts'

/** The name that an emergency must be confirmed with. */
export const ringName = 'immonow/demo'

export const backendCount = 3

export class Site {
  readonly folder: DemoFolder
  /** Rejects with a {@link DemoError} when the hub or a backend ends by itself. */
  readonly failure: Promise<never>
  /** Of the backends. */
  urls: readonly string[] = []
  /** Address of the hub. */
  hub = ''
  /** With which whoever watches gets into the console, once. */
  consoleLink = ''
  readonly #options: DemoOptions
  readonly #abort = new AbortController()
  readonly #commands = new Set<Promise<KeyturnRun>>()
  readonly #backends: ServiceProcess<string>[] = []
  #hubProcess: ServiceProcess<ListeningHub> | undefined
  #ring: RingAtHub | undefined
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

  /** What commands need of the environment. The token is in a file: nobody sees it in a list of processes. */
  get keyturnEnv(): Readonly<Record<string, string>> {
    return {
      KEYTURN_URL: this.hub,
      KEYTURN_RING: ringName,
      KEYTURN_TOKEN_FILE: this.folder.file('operator.token'),
    }
  }

  get databaseFile(): string {
    return this.folder.file('immonow.sqlite')
  }

  /** The ring, after {@link open}. */
  get ring(): RingAtHub {
    if (!this.#ring) throw new Error('the site is not open')
    return this.#ring
  }

  /** The users, after {@link open}. */
  get crowd(): Crowd {
    if (!this.#crowd) throw new Error('the site is not open')
    return this.#crowd
  }

  /** Starts hub and backends, signs everybody in, and lets them go on. @throws {DemoError} */
  async open(say: (text: string) => void): Promise<void> {
    const { users } = this.#options
    const hub = await this.#step(say, 'a hub, with a database of its own', () => this.#startHub())
    await this.#step(say, `ring ${ringName} at the hub, with a fresh key`, () => this.#makeRing(hub))
    await this.#step(say, 'three ImmoNow backends on that ring', () => this.#startBackends())
    this.#crowd = new Crowd(users, this.urls)
    say(`  signing in ${users} user${users === 1 ? '' : 's'} …`)
    await this.#step(say, `${users} signed in`, () => this.crowd.enter())
    if (!this.isClosing) this.crowd.start()
  }

  /** Runs the real command line on this hub. */
  async keyturn(args: readonly string[], said?: (line: string) => void): Promise<KeyturnRun> {
    const command = runKeyturn(args, {
      env: this.keyturnEnv,
      started: pid => this.folder.record(pid),
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

  /** Ends everything, in order: backends sign off from the hub. */
  async close(): Promise<void> {
    this.#abort.abort()
    this.#crowd?.stop()
    await Promise.allSettled(this.#commands)
    await Promise.all(this.#backends.map(backend => backend.stop()))
    await this.#hubProcess?.stop()
    closeConnections()
  }

  /** Ends everything at once. */
  kill(): void {
    for (const each of [...this.#backends, this.#hubProcess]) each?.kill()
  }

  /** From the first step of the end on: what happens now is no news. */
  get isClosing(): boolean {
    return this.#abort.signal.aborted
  }

  async #startHub(): Promise<ListeningHub> {
    const hub = this.#watch(
      startHub({
        port: this.#options.portBase,
        data: this.folder.file('hub'),
        logFile: this.folder.file('hub.log'),
      }),
    )
    this.#hubProcess = hub
    return hub.listening()
  }

  async #makeRing(hub: ListeningHub): Promise<void> {
    const { operator, backends, consoleLink } = await setUpHub(hub, ringName)
    this.folder.writePrivate('operator.token', operator)
    this.folder.writePrivate('backends.token', backends)
    this.hub = hub.url
    this.consoleLink = consoleLink
    this.#ring = new RingAtHub(hub.url, operator, ringName)
  }

  async #startBackends(): Promise<void> {
    const { portBase } = this.#options
    for (let number = 1; number <= backendCount && !this.isClosing; number += 1)
      this.#backends.push(
        this.#watch(
          startBackend({
            number,
            port: portBase === 0 ? 0 : portBase + number,
            databaseFile: this.databaseFile,
            hub: this.hub,
            ring: ringName,
            tokenFile: this.folder.file('backends.token'),
            logFile: this.folder.file(`backend-${number}.log`),
          }),
        ),
      )
    this.urls = await Promise.all(this.#backends.map(backend => backend.listening()))
  }

  /** Writes it down for whoever finds it after a crash, and tells when it ends. */
  #watch<Listening>(service: ServiceProcess<Listening>): ServiceProcess<Listening> {
    if (service.pid !== 0) this.folder.record(service.pid)
    void service.ended.then(how => {
      if (this.isClosing) return
      this.#fail(new DemoError(`${service.name} (process ${service.pid}) ${how}`, ...service.lastLines()))
    })
    return service
  }

  async #step<Result>(
    say: (text: string) => void,
    text: string,
    work: () => Promise<Result>,
  ): Promise<Result> {
    const started = performance.now()
    const result = await work()
    if (!this.isClosing) say(`✔ ${text.padEnd(58)} ${((performance.now() - started) / 1000).toFixed(1)} s`)
    return result
  }
}
