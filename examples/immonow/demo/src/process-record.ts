/** Which process a pid meant when it was written down: pids are used again, start times are not. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

export interface ProcessRecord {
  readonly pid: number
  /** Boot and clock ticks, or a date, by what the system knows. */
  readonly start: string
}

/** The start time where the system tells nothing but that the pid is taken. */
const unknown = 'unknown'

/** Milliseconds between SIGTERM and SIGKILL. */
const patience = 5_000

/** What to write down about a process that runs. */
export const recordOf = (pid: number): ProcessRecord => ({ pid, start: startOf(pid) ?? unknown })

/** Whether that very process runs still. */
export function isRunning({ pid, start }: ProcessRecord): boolean {
  const found = startOf(pid)
  return found !== undefined && found === start
}

/** SIGTERM, and SIGKILL to what is left after five seconds. Never to another process that has its pid now. */
export async function stopRecorded(record: ProcessRecord): Promise<void> {
  // It could be anybody's.
  if (record.start === unknown) return
  const deadline = performance.now() + patience
  send(record, 'SIGTERM')
  while (isRunning(record)) {
    if (performance.now() > deadline) send(record, 'SIGKILL')
    await sleep(50)
  }
}

function send(record: ProcessRecord, signal: NodeJS.Signals): void {
  if (!isRunning(record)) return
  try {
    process.kill(record.pid, signal)
  } catch {
    // It ended just now.
  }
}

/** Undefined when there is no such process. */
function startOf(pid: number): string | undefined {
  const boot = read('/proc/sys/kernel/random/boot_id')
  if (boot === '') return startByPs(pid)
  const stat = read(`/proc/${pid}/stat`)
  if (stat === '') return undefined
  // The second field, the command in brackets, may hold spaces and brackets itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  // A zombie has ended; only its parent has not noticed.
  return fields[0] === 'Z' ? undefined : `${boot}/${fields[19]}`
}

/** macOS and BSD have no /proc. */
function startByPs(pid: number): string | undefined {
  try {
    const output = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return output.toString('utf8').trim() || undefined
  } catch {
    return isTaken(pid) ? unknown : undefined
  }
}

function isTaken(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return ''
  }
}
