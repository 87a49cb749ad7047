/** startReplica: one process of the hub. */
import { spawn, type ChildProcess } from 'node:child_process'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const bin = fileURLToPath(new URL('../../packages/keyturn/bin/keyturn.js', import.meta.url))
const failpoints = 'data:text/javascript,globalThis.KEYTURN_FAILPOINTS=true'

/** What tidies up, and when: `onTestFinished`, or `afterAll`. */
export type Tidy = (action: () => Promise<void>) => void

export interface Replica {
  readonly child: ChildProcess
  readonly pid: number
  readonly url: string
  readonly setupLink: string | null
  /** Everything it printed. */
  readonly output: () => string
  readonly exited: Promise<NodeJS.Signals | null>
  /** Sends the signal, waits for the end, and returns the signal that ended it. */
  end(signal?: NodeJS.Signals): Promise<NodeJS.Signals | null>
}

export interface ReplicaOptions {
  readonly env: Readonly<Record<string, string>>
  /** Kills the process at this point of its work. */
  readonly failpoint?: string
  readonly tidy?: Tidy
}

/** `keyturn serve` on a free port. @throws {Error} with what it printed, when it ends instead */
export async function startReplica({
  env,
  failpoint,
  tidy = onTestFinished,
}: ReplicaOptions): Promise<Replica> {
  const flags = failpoint === undefined ? [] : ['--import', failpoints]
  const args = [...flags, bin, 'serve', '--port', '0', '--json']
  const child = spawn(process.execPath, args, {
    cwd: tmpdir(),
    env: {
      PATH: process.env['PATH'],
      ...env,
      ...(failpoint !== undefined && { KEYTURN_FAILPOINT: failpoint }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  const exited = new Promise<NodeJS.Signals | null>(resolve =>
    child.on('close', (_, signal) => resolve(signal)),
  )
  const end = (signal: NodeJS.Signals = 'SIGKILL'): Promise<NodeJS.Signals | null> => {
    child.kill(signal)
    return exited
  }
  tidy(async () => {
    child.kill('SIGCONT')
    await end()
  })
  const started = new Promise<{ url: string; setupLink: string | null }>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
        const line = text.split('\n').find(each => each.includes('keyturn/serve/v1') && each.endsWith('}'))
        if (line) resolve(JSON.parse(line) as { url: string; setupLink: string | null })
      })
    void exited.then(() => reject(new Error(`the hub ended: ${text}`)))
  })
  return { child, pid: child.pid ?? 0, ...(await started), output: () => text, exited, end }
}
