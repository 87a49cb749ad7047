/** Processes on this machine that hold a ring in a fixed environment. Linux only. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { kidToShow } from './key-name.ts'

/** A process whose environment holds a secret. Only its kid leaves this file. */
export interface FixedProcess {
  readonly pid: number
  readonly command: string
  /** Undefined for a secret that is too weak to be named by its kid. */
  readonly kid: string | undefined
  /** From its own JWT_KEYRING; undefined when a person set the variables. */
  readonly generation: number | undefined
  readonly ring: string | undefined
  /** It follows the file by itself. */
  readonly isLive: boolean
  /** Epoch milliseconds. */
  readonly startedAt: number
  /** Where it runs; undefined when that cannot be told. */
  readonly folder: string | undefined
}

/** @param variable name of the active secret's variable @param keyring name of the document's */
export function fixedProcesses(variable: string, keyring: string): readonly FixedProcess[] {
  const boot = bootTime()
  if (boot === undefined) return []
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap(name => inspect(Number(name), variable, keyring, boot))
}

function inspect(pid: number, variable: string, keyring: string, boot: number): FixedProcess[] {
  try {
    const environment = new Map(
      readFileSync(`/proc/${pid}/environ`, 'utf8')
        .split('\0')
        .map(pair => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
    )
    const secret = environment.get(variable)
    if (!secret) return []
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19])
    const document = documentIn(environment.get(keyring))
    return [
      {
        pid,
        command: readFileSync(`/proc/${pid}/comm`, 'utf8').trim(),
        kid: kidToShow(secret),
        generation: document?.generation,
        ring: document?.ring,
        isLive: environment.has('KEYTURN_ENV_FILE'),
        startedAt: boot + (ticks * 1000) / ticksPerSecond,
        folder: folderOf(pid),
      },
    ]
  } catch {
    // Somebody else's process, or one that has just ended.
    return []
  }
}

function folderOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return undefined
  }
}

/** Linux fixes this for user space, whatever the kernel's own timer does. */
const ticksPerSecond = 100

function bootTime(): number | undefined {
  try {
    const line = /^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))
    return line ? Number(line[1]) * 1000 : undefined
  } catch {
    return undefined
  }
}

function documentIn(text: string | undefined): { generation: number; ring: string } | undefined {
  try {
    return text ? (JSON.parse(text.replace(/^'|'$/g, '')) as { generation: number; ring: string }) : undefined
  } catch {
    return undefined
  }
}
