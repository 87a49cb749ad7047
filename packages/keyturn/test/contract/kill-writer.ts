/** killWriter: a writer in a process of its own, killed at a point of its work. Runs the built packages. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { KillWriter } from './store-place.ts'

const script = join(import.meta.dirname, 'crash-writer.js')
const built = join(import.meta.dirname, '../../dist/rotation/change.js')

export interface Writer {
  /** What the process imports to reach the store: a name, or the URL of a file. */
  readonly module: string
  /** The function of that module that gives `{ store, leases }`, as they are or in a promise. */
  readonly function: string
  /** What that function is given. Never a secret: the variables are for those. */
  readonly arguments: readonly string[]
  /** Variables of the process. */
  readonly environment?: Readonly<Record<string, string>>
  /** Failpoints on the way of a change, in the order in which it passes them. */
  readonly failpoints: readonly string[]
}

/** A writer that opens the place by itself. */
export function killWriter(writer: Writer): KillWriter {
  return {
    points: ['after-read', ...writer.failpoints],
    kill: async point => {
      if (!existsSync(built)) throw new Error('a writer that is killed runs the built library: npm run build')
      const args = [script, writer.module, writer.function, ...writer.arguments]
      const child = spawn(process.execPath, args, {
        stdio: ['ignore', 'ignore', 'pipe'],
        env: { PATH: process.env.PATH, ...writer.environment, KEYTURN_FAILPOINT: point },
      })
      let stderr = ''
      child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
      const ended = once(child, 'close')
      onTestFinished(async () => {
        if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
        await ended
      })
      await ended
      if (child.signalCode !== 'SIGKILL')
        throw new Error(`the writer was not killed at ${point}, it ended with ${child.exitCode}: ${stderr}`)
    },
  }
}
