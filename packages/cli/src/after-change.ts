/** afterChangeOf: the command that makes processes with a fixed environment take a change. */
import { spawn } from 'node:child_process'
import { KeyturnError } from 'keyturn'
import { systemClock } from 'keyturn/ports'
import type { RingDocument } from 'keyturn/ring'
import type { ChangePhase } from 'keyturn/rotation'
import type { Output } from './output.ts'
import { fixedProcesses } from './processes.ts'
import type { FileTarget } from './target.ts'

const pause = 200

/**
 * Runs the configured command and waits until a process that started afterwards holds the generation: a command
 * such as `docker compose restart` succeeds and keeps the old environment.
 * @param wait milliseconds
 */
export function afterChangeOf(
  target: FileTarget,
  output: Output,
  wait: number,
): ((phase: ChangePhase, document: RingDocument) => Promise<void>) | undefined {
  const command = target.settings?.afterChange
  if (command === undefined) return undefined
  return async (phase, document) => {
    const started = Date.now()
    output.note(`after ${phase}: ${command}`)
    await run(command, phase, document)
    const deadline = performance.now() + wait
    while (!(await isTaken(target, document, started))) {
      if (performance.now() > deadline) {
        throw new KeyturnError(
          'ERR_AFTER_CHANGE',
          `the afterChange command succeeded, but no new process holds generation ${document.generation} after ${wait / 1000} s: a restart that keeps the old environment is not enough (docker compose up -d --force-recreate, not restart)`,
        )
      }
      await systemClock.sleep(pause)
    }
  }
}

async function isTaken({ file }: FileTarget, document: RingDocument, started: number): Promise<boolean> {
  const leases = await file.leases.list()
  const isNew = (startedAt: number): boolean => startedAt >= started - 1000
  if (
    leases.some(
      lease => lease.role === 'instance' && isNew(lease.startedAt) && lease.generation >= document.generation,
    )
  )
    return true
  return fixedProcesses(file.names.active, file.names.keyring).some(
    each =>
      each.ring === document.ring && isNew(each.startedAt) && (each.generation ?? -1) >= document.generation,
  )
}

/** The command sees which ring changed, and none of its secrets. */
function run(command: string, phase: ChangePhase, document: RingDocument): Promise<void> {
  const own = Object.entries(process.env).filter(([name]) => !/SECRET/i.test(name))
  const env = {
    ...Object.fromEntries(own),
    KEYTURN_RING: document.ring,
    KEYTURN_GENERATION: String(document.generation),
    KEYTURN_PHASE: phase,
  }
  return new Promise((resolve, reject) => {
    // What it prints is a message about the work, not the data of our own command.
    const child = spawn(command, { shell: true, env, stdio: ['ignore', process.stderr, process.stderr] })
    child.on('error', error =>
      reject(
        new KeyturnError('ERR_AFTER_CHANGE', `the afterChange command cannot be started: ${error.message}`),
      ),
    )
    child.on('exit', (code, signal) =>
      code === 0
        ? resolve()
        : reject(
            new KeyturnError(
              'ERR_AFTER_CHANGE',
              `the afterChange command ended with ${signal ?? `exit ${code}`} after ${phase}`,
            ),
          ),
    )
  })
}
