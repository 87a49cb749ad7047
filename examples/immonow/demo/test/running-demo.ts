/** startDemo: `npm start` as a process of its own, in a folder of its own. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { stopRecorded, type ProcessRecord } from '../src/process-record.ts'

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url))

export interface RunningDemo {
  readonly child: ChildProcess
  readonly output: { stdout: string; stderr: string }
  /** The exit code, or null when a signal ended it. */
  readonly exit: Promise<number | null>
  /** Waits for a text on standard output. Throws when the demo ends without it. */
  until(text: string): Promise<void>
  /** What `.demo/running.json` says. */
  claim(): { readonly demo: ProcessRecord; readonly processes: readonly ProcessRecord[] }
}

/** A folder that is removed after the test. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'immonow-demo-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** @param folder where `.demo` is made */
export function startDemo(folder: string, ...args: readonly string[]): RunningDemo {
  const child = spawn(process.execPath, [main, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  const output = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (output.stdout += piece))
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (output.stderr += piece))
  const exit = once(child, 'close').then(([code]) => code as number | null)
  let hasEnded = false
  void exit.then(() => (hasEnded = true))
  const claim = (): ReturnType<RunningDemo['claim']> =>
    JSON.parse(readFileSync(join(folder, '.demo/running.json'), 'utf8'))
  onTestFinished(async () => {
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), 15_000)
    await exit
    clearTimeout(timer)
    await stopLeftover(claim)
  })
  return {
    child,
    output,
    exit,
    claim,
    async until(text) {
      while (!output.stdout.includes(text)) {
        if (hasEnded) throw new Error(`the demo ended without "${text}": ${output.stderr}`)
        await sleep(20)
      }
    },
  }
}

/** Ends what a demo that was killed has left. */
async function stopLeftover(claim: RunningDemo['claim']): Promise<void> {
  let processes: readonly ProcessRecord[] = []
  try {
    processes = claim().processes
  } catch {
    return
  }
  await Promise.all(processes.map(stopRecorded))
}
