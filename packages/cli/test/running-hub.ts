/** A hub of a test's own: the real one, as a process, with an admin, and a folder to run the command line in. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createKeyring, type Keyring } from 'keyturn'
import { hub as hubSource } from 'keyturn/stores/hub'
import { onTestFinished, vi } from 'vitest'
import { keyturn, type CliOptions, type CliResult } from '../../../test/support/cli.ts'
import { bin } from './door.ts'

// Each step is a process of its own, and the hub hashes passwords: slow on a busy machine, and no test counts the time.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 })

export interface RunningHub {
  readonly url: string
  readonly port: number
  /** Holds the data folder, and is where commands run. */
  readonly folder: string
  /** An access token of the scope admin. */
  readonly admin: string
  /** Runs `keyturn` as the admin. */
  run(args: readonly string[], options?: CliOptions): Promise<CliResult>
  /** An access token. */
  tokenFor(...scopes: readonly string[]): Promise<string>
  /** An instance of this very process. */
  join(ring: string): Promise<Keyring>
  /** Ends the process, as a machine that loses its power would. */
  kill(): Promise<void>
  /** Starts it again at the same address. */
  start(): Promise<void>
  stop(): Promise<void>
}

export const operator = { name: 'lena', password: 'ten green bottles, hanging' }

export interface FreshHub extends RunningHub {
  readonly setupLink: string
  /** Makes the first operator, and logs in. */
  setUp(): Promise<void>
}

/** A hub that nobody has set up. */
export async function startFreshHub(): Promise<FreshHub> {
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-hub-'))
  const data = join(folder, 'data')
  let process_ = await launch(data, 0)
  const { url, setupLink } = process_
  const port = Number(new URL(url).port)
  const state = { admin: '' }
  const post = async <Body>(path: string, body: object): Promise<Body> => {
    const response = await fetch(`${url}/v1/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${state.admin}` },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(await response.text())
    return (await response.json()) as Body
  }
  const hub: FreshHub = {
    url,
    port,
    folder,
    setupLink: setupLink ?? '',
    get admin(): string {
      return state.admin
    },
    run: (args: readonly string[], options: CliOptions = {}) =>
      keyturn(args, {
        cwd: folder,
        ...options,
        env: {
          KEYTURN_URL: url,
          KEYTURN_TOKEN: state.admin,
          XDG_CONFIG_HOME: join(folder, 'config'),
          ...options.env,
        },
      }),
    tokenFor: async (...scopes: readonly string[]) =>
      (await post<{ token: string }>('tokens', { name: 'a test', scopes })).token,
    join: async (ring: string) => {
      const token = await hub.tokenFor(`instance:${ring}`)
      const keyring = await createKeyring({ source: hubSource({ url, ring, token }), log: () => undefined })
      onTestFinished(() => keyring.close())
      return keyring
    },
    kill: () => end(process_.child, 'SIGKILL'),
    start: async () => {
      process_ = await launch(data, port)
    },
    stop: async () => {
      await end(process_.child, 'SIGTERM')
      rmSync(folder, { recursive: true, force: true })
    },
    setUp: async () => {
      const secret = new URL(setupLink ?? '').hash.slice(1)
      await post('setup', { secret, ...operator })
      state.admin = (await post<{ token: string }>('login', { ...operator, label: 'tests' })).token
    },
  }
  return hub
}

/** A hub with an admin. */
export async function startHub(): Promise<RunningHub> {
  const hub = await startFreshHub()
  await hub.setUp()
  return hub
}

interface Launched {
  readonly child: ChildProcess
  readonly url: string
  readonly setupLink: string | null
}

async function launch(data: string, port: number): Promise<Launched> {
  const args = ['serve', '--port', String(port), '--data', data, '--log-level', 'error', '--json']
  const child = spawn(process.execPath, [bin, ...args], {
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.includes('"keyturn/serve/v1"')) continue
    child.stdout.resume()
    return { child, ...(JSON.parse(line) as { url: string; setupLink: string | null }) }
  }
  throw new Error(`the hub did not start: ${said}`)
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  const gone = new Promise<void>(resolve => child.once('exit', () => resolve()))
  child.kill(signal)
  return gone
}
