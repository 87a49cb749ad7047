/** thisProcess, isProvedDead: who a process is, and whether it is gone for good. */
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import type { ProcessIdentity } from './ports/lease-board.ts'

/** The identity of the running process. */
export function thisProcess(): ProcessIdentity {
  // It never changes, and who waits for a lock asks often.
  own ??= {
    host: hostname(),
    boot: read('/proc/sys/kernel/random/boot_id'),
    namespace: namespaceId(),
    pid: process.pid,
    start: (isOwnProc() && startOf(process.pid)) || '',
  }
  return own
}

let own: ProcessIdentity | undefined

/**
 * Whether that process is certainly gone: its machine has booted since, or on this machine and in this
 * process-id namespace its pid is free or another process's. Anything that cannot be told is not proved.
 */
export function isProvedDead(identity: ProcessIdentity): boolean {
  const here = thisProcess()
  if (identity.host !== here.host) {
    // A container has a host name of its own, yet shares boot id and namespace numbers with its machine.
    if (here.boot === '' || identity.boot !== here.boot) return false
  } else if (identity.boot !== here.boot) {
    return here.boot !== '' && identity.boot !== ''
  }
  if (identity.namespace !== here.namespace) return false
  if (here.boot === '' || !isOwnProc()) return !isRunning(identity.pid)
  const start = startOf(identity.pid)
  // Where /proc hides the processes of others, only the kernel knows.
  if (start === undefined) return !isRunning(identity.pid)
  return start === ended || (identity.start !== '' && start !== identity.start)
}

/** In place of the start time of a zombie: it has ended; only its parent has not noticed. */
const ended = 'ended'

/** Start time in clock ticks since boot: field 22 of /proc/PID/stat. Undefined when there is no such file. */
function startOf(pid: number): string | undefined {
  const stat = read(`/proc/${pid}/stat`)
  if (stat === '') return undefined
  // The second field, the command in brackets, may hold spaces and brackets itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' ? ended : fields[19]
}

/** Whether the pids in /proc are those of this process's namespace: a new one can be left with the /proc of the old. */
function isOwnProc(): boolean {
  try {
    return readlinkSync('/proc/self') === String(process.pid)
  } catch {
    return false
  }
}

function namespaceId(): string {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return ''
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
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
