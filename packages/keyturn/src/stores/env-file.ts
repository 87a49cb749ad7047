/** envFile: a whole ring in one `.env` file, with leases, audit trail and lock beside it. Subpath `keyturn/stores/env-file`. */
import { closeSync, existsSync, openSync, watch } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { KeyturnError, RingError, StoreError } from '../errors.ts'
import { failpoint } from '../failpoint.ts'
import type { AuditTrail } from '../ports/audit-log.ts'
import { isExpected } from '../ports/hash.ts'
import type { LeaseBoard } from '../ports/lease-board.ts'
import type { Expected, HandEdit, Ring, RingStore } from '../ports/ring-store.ts'
import type { AuditEntry } from '../ring/document.ts'
import { appendEntry, readTrail } from './env-file/audit-file.ts'
import { changeDotenv, parseDotenv, valuesOf } from './env-file/dotenv.ts'
import { leaseFolder } from './env-file/lease-folder.ts'
import { withLock } from './env-file/lock.ts'
import { encodeText } from './env-file/lossless-text.ts'
import { isMountPoint } from './env-file/mount.ts'
import { deaf, readText, realPath } from './env-file/read-file.ts'
import { own, ownFolder, prepareStateFolder } from './env-file/state-folder.ts'
import { asStoreError, ownerOf, removeTemporaries, replaceFile, type FileOwner } from './replace-file.ts'
import { ringFrom, variableNames, variablesOf, type HandSet, type VariableNames } from './ring-variables.ts'

export interface EnvFileOptions extends HandSet {
  /** Name of the active secret's variable; renames all. @default 'JWT_SECRET_KEY' */
  readonly variable?: string
  /** Where the audit trail is. @default `audit.jsonl` in the state folder */
  readonly auditPath?: string
}

/** A ring in a `.env` file, live: instances watch the folder, and poll. */
export interface EnvFile {
  readonly kind: 'env-file'
  /** Names it in messages: its path. */
  readonly name: string
  /** The file itself, symbolic links resolved. */
  readonly path: string
  /** `.keyturn/<name without its dot>` beside the file: leases, trail and lock. */
  readonly stateFolder: string
  readonly auditPath: string
  readonly store: RingStore
  readonly leases: LeaseBoard
  readonly names: VariableNames
  /** The trail, with what is wrong in it. */
  trail(): Promise<AuditTrail>
  /** Refuses to be deaf. @throws {ConfigError} ERR_CONFIG_FILE_MOUNT when the file is mounted by itself */
  assertLive(): void
  /** What is wrong with the file's mode, if anything. */
  modeWarning(): string | undefined
  /** Creates an empty file, 0600, unless there is one. */
  createFile(): void
  /**
   * Adds a variable; an empty one of that name gets the value. A new file is 0600. Every other line stays.
   * @throws {KeyturnError} ERR_FILE_EXISTS when it has a value; {StoreError} ERR_STORE_MODE, and what a write throws
   */
  addVariable(name: string, value: string): Promise<void>
}

export { parseDotenv, type Assignment } from './env-file/dotenv.ts'

/**
 * @param path of the file; need not exist yet
 */
export function envFile(path: string, options: EnvFileOptions = {}): EnvFile {
  const names = variableNames(options.variable)
  const given = resolve(path)
  const real = (): string => realPath(given)
  const stateFolder = join(dirname(real()), '.keyturn', basename(real()).replace(/^\./, ''))
  const auditPath =
    options.auditPath === undefined ? join(stateFolder, 'audit.jsonl') : resolve(options.auditPath)

  const read = (): Ring | undefined => {
    const text = readText(real())
    return text === undefined ? undefined : ringIn(text, names, options)
  }

  const prepare = (): FileOwner => prepareStateFolder(real(), stateFolder)

  const store: RingStore = {
    name: given,
    read: async () => read(),
    compareAndSwap: async (expected, next) => {
      const owner = prepare()
      await withLock(join(stateFolder, 'lock'), () => {
        failpoint('store.locked')
        removeTemporaries(real())
        const found = readText(real())
        const text = found ?? ''
        const current = ringIn(text, names, options)
        refuseUnsafe(real(), next)
        refuseConflict(given, expected, current, next)
        if (current?.document.audit) record(auditPath, current.document.audit, owner)
        replaceFile(
          real(),
          changed(text, variablesOf(next, names)),
          found === undefined ? ownerOfNew(owner) : owner,
        )
        recordLater(auditPath, next.document.audit, owner)
      })
    },
    watch: hint => watchFolder(real, hint),
    now: async () => Date.now(),
  }

  return {
    kind: 'env-file',
    name: given,
    get path() {
      return real()
    },
    stateFolder,
    auditPath,
    store,
    leases: leaseFolder(join(stateFolder, 'leases'), prepare),
    names,
    trail: async () => readTrail(auditPath),
    assertLive: () => {
      if (isMountPoint(real())) throw deaf(real())
    },
    modeWarning: () => {
      if (!existsSync(real())) return undefined
      const { mode } = ownerOf(real())
      if (isOpenToOthers(mode)) return `others can read ${given}`
      return (mode & 0o040) === 0 ? undefined : `the group can read ${given}`
    },
    createFile: () => {
      try {
        closeSync(openSync(real(), 'ax', 0o600))
        own(real(), ownerOf(dirname(real())))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw asStoreError(error, real())
      }
    },
    addVariable: async (name, value) => {
      const owner = prepare()
      await withLock(join(stateFolder, 'lock'), () => {
        removeTemporaries(real())
        const found = readText(real())
        if (parseDotenv(found ?? '').some(each => each.name === name && each.value !== ''))
          throw new KeyturnError('ERR_FILE_EXISTS', `${given} holds ${name} already; nothing was changed`)
        refuseUnsafe(real())
        const text = changed(found ?? '', new Map([[name, value]]))
        replaceFile(real(), text, found === undefined ? ownerOfNew(owner) : owner)
      })
    },
  }
}

/** Root makes a file for the folder's owner; everybody else can only make their own. */
const ownerOfNew = (owner: FileOwner): FileOwner | undefined =>
  process.geteuid?.() === 0 ? { ...owner, mode: 0o600 } : undefined

function ringIn(text: string, names: VariableNames, handSet: HandSet): Ring | undefined {
  const values = valuesOf(text)
  return ringFrom(name => values.get(name), names, handSet)
}

/** @throws {StoreError} ERR_STORE_INVALID when a value cannot be quoted, or would not be read again */
function changed(text: string, variables: ReadonlyMap<string, string | undefined>): Uint8Array {
  let next: string
  try {
    next = changeDotenv(text, variables)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new StoreError(
      'ERR_STORE_INVALID',
      `a secret cannot be written so that every reader agrees: ${error.message}`,
    )
  }
  const found = valuesOf(next)
  for (const [name, value] of variables)
    if (found.get(name) !== value)
      throw new StoreError('ERR_STORE_INVALID', `a line before ${name} has a quote without its end`)
  return encodeText(next)
}

/** An emergency is refused by nothing, so it writes a file that others can read; `check` and `doctor` report it. */
function refuseUnsafe(path: string, next?: Ring): void {
  if (isMountPoint(path)) throw deaf(path)
  if (next?.document.audit?.mode === 'emergency' || !existsSync(path)) return
  if (isOpenToOthers(ownerOf(path).mode))
    throw new StoreError('ERR_STORE_MODE', `others can read ${path}; nothing was changed`)
}

/** Whether people outside the owner and its group can read, or the group can write. */
export const isOpenToOthers = (mode: number): boolean => (mode & 0o027) !== 0

function refuseConflict(name: string, expected: Expected, current: Ring | undefined, next: Ring): void {
  const known = current ? isExpected(expected, current.document) : expected.generation === 0
  if (!known) throw new RingError('ERR_RING_CONFLICT', `${name} was changed since it was read`)
  if (fingerprint(current?.edited) !== fingerprint(next.edited))
    throw new RingError('ERR_RING_EDITED', `${name} was edited by hand since it was read`)
}

const fingerprint = (edit: HandEdit | undefined): string =>
  edit === undefined
    ? ''
    : JSON.stringify([
        edit.active.reveal(),
        edit.staged?.reveal(),
        edit.retiring.map(secret => secret.reveal()),
        edit.suspended.map(secret => secret.reveal()),
        edit.legacy?.reveal(),
      ])

/** The change is made and carries its entry; if this fails, the next writer appends it. */
function recordLater(path: string, entry: AuditEntry | null, owner: FileOwner): void {
  try {
    if (entry) record(path, entry, owner)
  } catch {
    // Said above.
  }
}

function record(path: string, entry: AuditEntry, owner: FileOwner): void {
  const existed = existsSync(path)
  try {
    ownFolder(dirname(path), owner)
  } catch (error) {
    throw asStoreError(error, path)
  }
  appendEntry(path, entry)
  if (!existed) own(path, owner)
}

/** A hint only: events get lost, and some file systems send none. */
function watchFolder(path: () => string, hint: () => void): () => void {
  try {
    const watcher = watch(dirname(path()), { persistent: false }, (_, name) => {
      if (name === null || name === basename(path())) hint()
    })
    watcher.on('error', () => watcher.close())
    return () => watcher.close()
  } catch {
    return () => undefined
  }
}
