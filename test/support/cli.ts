/** The command line as a process of its own. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface CliResult {
  /** Null when a signal ended it. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface CliOptions {
  readonly cwd?: string
  readonly input?: string
  /** Kills the process at this point of its work: runs the test build. */
  readonly failpoint?: string
  readonly env?: Record<string, string>
}

const published = fileURLToPath(new URL('../../packages/keyturn/bin/keyturn.js', import.meta.url))
const withFailpoints = fileURLToPath(new URL('../../packages/cli/dist-test/cli.js', import.meta.url))

/** Everything any command has printed, for the search for secrets. */
export const transcript: string[] = []

/** Runs the built command line. */
export function keyturn(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const { cwd, input = '', failpoint, env = {} } = options
  const bin = failpoint === undefined ? published : withFailpoints
  const child = spawn(process.execPath, [bin, ...args], {
    cwd,
    env: {
      PATH: process.env['PATH'],
      ...(failpoint !== undefined && { KEYTURN_FAILPOINT: failpoint }),
      ...env,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk))
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk))
  // A command that reads no input may be gone before it is written.
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      transcript.push(stdout, stderr)
      resolve({ code, signal, stdout, stderr })
    })
  })
}

/** The JSON document that a command printed. */
export const documentOf = <Document>(result: CliResult): Document => JSON.parse(result.stdout) as Document

/** What `status --json` says. */
export interface Status {
  readonly ring: string
  readonly generation: number
  readonly cutoff: number
  readonly operation: { readonly mode: string } | null
  readonly keys: readonly { readonly kid: string; readonly state: string }[]
  readonly instances: readonly {
    readonly id: string
    readonly generation: number
    readonly lost: boolean
    readonly standing: string
  }[]
  readonly problems: readonly { readonly problem: string }[]
}

export async function statusOf(file: string): Promise<Status> {
  return documentOf<Status>(await keyturn(['status', '--json', '--file', file]))
}
