/** withLock: one writer at a time. A lock is taken over only from a process that is provably gone. */
import { createHash, randomBytes, randomInt } from 'node:crypto'
import {
  chmodSync,
  linkSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { StoreError } from '../../errors.ts'
import { failpoint } from '../../failpoint.ts'
import { isProvedDead, thisProcess } from '../../process-identity.ts'
import type { ProcessIdentity } from '../../ports/lease-board.ts'
import { asStoreError } from '../replace-file.ts'

/** Milliseconds between two tries: more and more, so that many who wait do not keep the holder from its work. */
const leastPause = 5
const mostPause = 100

/** Milliseconds after which a ticket may be one that nobody waits with any more. */
const sweptAge = 60_000

/**
 * Runs the action while this process holds the lock file.
 * @param options.timeout milliseconds to wait for a living holder. @default 10000
 * @throws {StoreError} ERR_STORE_LOCKED, naming the holder; ERR_STORE_FULL, ERR_STORE_READ_ONLY
 */
export async function withLock<Result>(
  path: string,
  action: () => Result,
  options: { timeout?: number } = {},
): Promise<Result> {
  const { timeout = 10_000 } = options
  // The nonce makes each lock's text unique, so that a takeover is of this very lock and no later one.
  const own = JSON.stringify({ ...thisProcess(), nonce: randomBytes(12).toString('base64url') })
  const ticket = `${path}.${randomBytes(6).toString('hex')}`
  const deadline = performance.now() + timeout
  try {
    writeFileSync(ticket, own, { flag: 'wx' })
    // No secret, and it may be root's: the owner of the folder must be able to see who holds the lock.
    chmodSync(ticket, 0o644)
    for (let most = 2 * leastPause; !tryTake(path, ticket, own); most = Math.min(2 * most, mostPause)) {
      if (performance.now() > deadline) throw lockedBy(path)
      const pause = randomInt(leastPause, most)
      await new Promise(resolve => setTimeout(resolve, pause))
    }
  } catch (error) {
    rmSync(ticket, { force: true })
    throw asStoreError(error, path)
  }
  try {
    sweep(path, ticket, sweptAge)
    return action()
  } finally {
    rmSync(path, { force: true })
    rmSync(ticket, { force: true })
  }
}

/** Removes tickets and claims of processes that were killed. Only the holder may: its lock makes them void. */
function sweep(path: string, ticket: string, least: number): void {
  for (const name of readdirSync(dirname(path))) {
    const file = join(dirname(path), name)
    if (!name.startsWith(`${basename(path)}.`) || file === ticket) continue
    // Who waits has a young one; a look at the process of each would take too long.
    const age = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
    const text = read(file)
    // A ticket that was never written whole is nobody's, once it is old.
    const isNobodys = text !== undefined && age >= sweptAge && ownerIn(text) === undefined
    if (isNobodys || (age >= least && isDead(text ?? ''))) rmSync(file, { force: true })
  }
}

function tryTake(path: string, ticket: string, own: string): boolean {
  if (link(ticket, path)) return true
  const held = read(path)
  if (held === undefined) return false
  return takeOver(path, ticket, own, held)
}

/**
 * A dead holder's lock belongs to whoever claims it first; a claim is named for the text it claims, so that it
 * has one winner, and a claimer that died can be claimed in turn. A claim that came too late sees another text
 * in the lock and is void.
 */
function takeOver(path: string, ticket: string, own: string, held: string): boolean {
  const claims: string[] = []
  for (let owner = held; ;) {
    if (!isDead(owner)) return false
    const claim = `${path}.claim-${createHash('sha256').update(owner).digest('hex').slice(0, 24)}`
    claims.push(claim)
    if (link(ticket, claim)) break
    const claimer = read(claim)
    if (claimer === undefined || claimer === own) return false
    owner = claimer
  }
  failpoint('lock.claimed')
  const valid = read(path) === held
  if (valid) {
    // A second link, for the ticket stays until the lock is released.
    const replacement = `${ticket}.lock`
    linkSync(ticket, replacement)
    renameSync(replacement, path)
    failpoint('lock.taken-over')
    for (const claim of claims) rmSync(claim, { force: true })
    sweep(path, ticket, 0)
  } else {
    rmSync(claims.at(-1) ?? '', { force: true })
  }
  return valid
}

function isDead(text: string): boolean {
  const owner = ownerIn(text)
  return owner !== undefined && isProvedDead(owner)
}

function ownerIn(text: string): ProcessIdentity | undefined {
  try {
    const owner = JSON.parse(text) as ProcessIdentity | null
    return typeof owner === 'object' && owner !== null ? owner : undefined
  } catch {
    return undefined
  }
}

function link(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Undefined when it is not there any more, or another user's: then it is not known to be anybody's. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (['ENOENT', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw error
  }
}

function lockedBy(path: string): StoreError {
  let holder = 'an unknown process'
  try {
    const { pid, host } = JSON.parse(read(path) ?? '') as ProcessIdentity
    holder = `process ${pid} on ${host}`
  } catch {
    // The text is not ours: say so by naming nobody.
  }
  return new StoreError('ERR_STORE_LOCKED', `${path} is held by ${holder}`)
}
