/** `node dist/main.js` as a process of its own. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url))

export interface BackendProcess {
  readonly child: ChildProcess
  readonly output: { stdout: string; stderr: string }
  /** The exit code, or null when a signal ended it. */
  readonly exit: Promise<number | null>
  /** Its address, when it listens. Rejects when it ends instead. */
  readonly url: Promise<string>
}

/** Starts the service with these variables and nothing else of this environment but PATH. */
export function startBackend(variables: Record<string, string>, cwd: string): BackendProcess {
  const child = spawn(process.execPath, [main], {
    cwd,
    env: { PATH: process.env['PATH'], PORT: '0', ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = { stdout: '', stderr: '' }
  const exit = once(child, 'close').then(([code]) => code as number | null)
  const url = new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output.stdout += chunk
      const line = output.stdout.split('\n').find(text => text.includes('"listening"'))
      if (line && output.stdout.includes('\n')) resolve((JSON.parse(line) as { url: string }).url)
    })
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (output.stderr += chunk))
    void exit.then(code => reject(new Error(`the service ended with ${code}: ${output.stderr}`)))
  })
  // Tests of a refused start never look at the address.
  url.catch(() => {})
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await exit
  })
  return { child, output, exit, url }
}
