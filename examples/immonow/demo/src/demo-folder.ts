/** DemoFolder: `.demo`, claimed by one demo at a time, and cleaned up after one that crashed. */
import {
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DemoError } from './demo-error.ts'
import { isRunning, recordOf, stopRecorded, type ProcessRecord } from './process-record.ts'

/** Who has the folder, and what it started. */
interface Claim {
  readonly demo: ProcessRecord
  readonly startedAt: string
  readonly processes: readonly ProcessRecord[]
}

const claimName = 'running.json'
const mostTries = 20

export class DemoFolder {
  readonly path: string
  #claim: Claim

  private constructor(path: string, claim: Claim) {
    this.path = path
    this.#claim = claim
  }

  /**
   * Makes the folder and claims it. What a crashed demo left is stopped and removed first.
   * @throws {DemoError} when another demo runs here, or the folder is somebody else's
   */
  static async claim(path: string, say: (text: string) => void): Promise<DemoFolder> {
    const claim: Claim = { demo: recordOf(process.pid), startedAt: new Date().toISOString(), processes: [] }
    for (let tries = 0; tries < mostTries; tries += 1) {
      if (take(path, claim)) {
        empty(path)
        return new DemoFolder(path, claim)
      }
      const found = readClaim(path)
      if (!found) continue
      if (isRunning(found.demo)) throw inUse(path, found)
      const leftover = release(path, found)
      if (!leftover) continue
      say(`cleaning up after the demo of ${found.startedAt}, which ended without doing so`)
      // With its processes in our claim, somebody finds them even if this one crashes now.
      const isTaken = take(path, { ...claim, processes: leftover.processes })
      await Promise.all(leftover.processes.map(stopRecorded))
      if (!isTaken) continue
      empty(path)
      return new DemoFolder(path, claim)
    }
    throw new DemoError(`${path} cannot be claimed: is another demo starting?`)
  }

  /** A path inside. */
  file(name: string): string {
    return join(this.path, name)
  }

  /** Writes a file that nobody else can read. Its path. */
  writePrivate(name: string, text: string): string {
    const path = this.file(name)
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' })
    return path
  }

  /** Writes down a process, so that whoever finds this folder after a crash can stop it. */
  record(pid: number): void {
    this.#claim = { ...this.#claim, processes: [...this.#claim.processes, recordOf(pid)] }
    const fresh = this.file(`${claimName}.new`)
    writeFileSync(fresh, JSON.stringify(this.#claim), { mode: 0o600 })
    renameSync(fresh, this.file(claimName))
  }

  /** Removes the folder. The claim goes last, so that a crash meanwhile is cleaned up as well. */
  remove(): void {
    empty(this.path)
    rmSync(this.file(claimName), { force: true })
    try {
      rmdirSync(this.path)
    } catch {
      // The next demo has it already.
    }
  }
}

/** True when the folder is ours now: `link` succeeds for one only, and the file it makes is whole. */
function take(path: string, claim: Claim): boolean {
  refuseForeign(path)
  const own = join(path, `${process.pid}.claim`)
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    writeFileSync(own, JSON.stringify(claim), { mode: 0o600 })
    linkSync(own, join(path, claimName))
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // ENOENT: the demo before this one removed the folder just now.
    if (code === 'EEXIST' || code === 'ENOENT') return false
    throw new DemoError(`${path} cannot be made: ${code ?? 'unknown'}`)
  } finally {
    rmSync(own, { force: true })
  }
}

/** @throws {DemoError} for a folder with files that no demo made */
function refuseForeign(path: string): void {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  if (!stat) return
  const names = stat.isDirectory() ? readdirSync(path) : undefined
  const isOurs = names?.length === 0 || names?.some(name => name === claimName || name.endsWith('.claim'))
  if (!isOurs) throw new DemoError(`${path} was not made by this demo: move it away`)
}

function readClaim(path: string): Claim | undefined {
  try {
    return JSON.parse(readFileSync(join(path, claimName), 'utf8')) as Claim
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new DemoError(`${path} holds a damaged ${claimName}: remove ${path}`)
    return undefined
  }
}

/** Takes a dead demo's claim away. Undefined when somebody else was faster; a live claim is put back. */
function release(path: string, judged: Claim): Claim | undefined {
  const aside = join(path, `${process.pid}.dead.claim`)
  try {
    renameSync(join(path, claimName), aside)
    const moved = JSON.parse(readFileSync(aside, 'utf8')) as Claim
    if (moved.demo.pid === judged.demo.pid && moved.demo.start === judged.demo.start) return moved
    linkSync(aside, join(path, claimName))
    unlinkSync(aside)
  } catch {
    // Somebody else was faster.
  }
  return undefined
}

function empty(path: string): void {
  for (const name of readdirSync(path)) {
    if (name === claimName) continue
    rmSync(join(path, name), { recursive: true, force: true })
  }
}

const inUse = (path: string, { demo, startedAt }: Claim): DemoError =>
  new DemoError(
    `a demo runs here already: process ${demo.pid}, since ${startedAt}. Stop it with Ctrl-C there, or kill ${demo.pid}`,
    `it has ${path}; another folder can have a demo of its own`,
  )
