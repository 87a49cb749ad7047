/** Leases as files in a folder: one per instance, replaced whole. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { noCounters, parseLease, type LeaseBoard, type SeenLease } from '../../ports/lease-board.ts'
import { isProvedDead } from '../../process-identity.ts'
import { asStoreError, replaceFile, type FileOwner } from '../replace-file.ts'

const suffix = '.json'

/**
 * @param prepare makes the folder, and says who is to own the files
 * @throws {StoreError} ERR_STORE_DENIED, ERR_STORE_UNREACHABLE and what a write throws
 */
export function leaseFolder(folder: string, prepare: () => FileOwner): LeaseBoard {
  const fileOf = (instance: string): string => join(folder, fileNameOf(instance) + suffix)
  return {
    put: async lease => {
      const { uid, gid } = prepare()
      replaceFile(fileOf(lease.instance), JSON.stringify(lease), { uid, gid, mode: 0o600 })
    },
    list: async () => namesIn(folder).flatMap(name => readLease(join(folder, name))),
    remove: async instance => {
      remove(fileOf(instance))
      // One that cannot be read is shown by its file's name.
      const path = join(folder, instance + suffix)
      if (isFileName(instance) && readLease(path).some(each => each.instance === instance)) remove(path)
    },
    isProvedDead: async lease => isProvedDead(lease.process),
  }
}

/**
 * A name that every file system takes as it is stands for itself. Any other is cut to what is harmless, and a hash
 * keeps it apart from all others; one in capitals too, for a file system that does not mind them.
 */
function fileNameOf(instance: string): string {
  if (/^[a-z0-9_.@-]{1,100}$/.test(instance)) return instance
  const hash = createHash('sha256').update(instance).digest('hex').slice(0, 32)
  return `${instance.slice(0, 60).replaceAll(/[^\w.@-]/g, '_')}~${hash}`
}

/** Whether a file in the folder may be called so. */
const isFileName = (name: string): boolean => /^[\w.@~-]{1,200}$/.test(name)

function remove(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch (error) {
    throw asStoreError(error, path)
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter(name => name.endsWith(suffix))
  } catch (error) {
    if (isMissing(error)) return []
    throw asStoreError(error, folder)
  }
}

/**
 * A lease can vanish between listing and reading. One that cannot be read, or is of another version, is somebody
 * of whom nothing is known: it acknowledges nothing, and so it keeps the gate shut until it is fenced or forgotten.
 */
function readLease(path: string): SeenLease[] {
  let seenAt: number
  try {
    seenAt = statSync(path).mtimeMs
  } catch (error) {
    if (isMissing(error)) return []
    // An instance that is not shown is not waited for.
    throw asStoreError(error, path)
  }
  try {
    const lease = parseLease(readFileSync(path, 'utf8'))
    if (lease.v === 1 && typeof lease.instance === 'string') return [{ ...lease, seenAt }]
  } catch (error) {
    if (isMissing(error)) return []
  }
  return [stranger(basename(path, suffix), seenAt)]
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT'

const stranger = (instance: string, seenAt: number): SeenLease => ({
  v: 1,
  instance,
  ring: '',
  epoch: 0,
  generation: -1,
  kids: [],
  proofs: {},
  process: { host: '', boot: '', namespace: '', pid: 0, start: '' },
  startedAt: seenAt,
  sentAt: seenAt,
  counters: noCounters,
  role: 'instance',
  seenAt,
})
