/** Leases as files in a folder: one per instance, replaced whole. */
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Lease, LeaseBoard, SeenLease } from '../../ports/lease-board.ts'
import { isProvedDead } from '../../process-identity.ts'
import { replaceFile, type FileOwner } from './write-file.ts'

const suffix = '.json'

/**
 * @param prepare makes the folder, and says who is to own the files
 */
export function leaseFolder(folder: string, prepare: () => FileOwner): LeaseBoard {
  const fileOf = (instance: string): string => join(folder, instance.replaceAll(/[^\w.@-]/g, '_') + suffix)
  return {
    put: async lease => {
      const { uid, gid } = prepare()
      replaceFile(fileOf(lease.instance), JSON.stringify(lease), { uid, gid, mode: 0o600 })
    },
    list: async () => namesIn(folder).flatMap(name => readLease(join(folder, name))),
    remove: async instance => rmSync(fileOf(instance), { force: true }),
    isProvedDead: async lease => isProvedDead(lease.process),
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter(name => name.endsWith(suffix))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
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
  } catch {
    return []
  }
  try {
    const lease = JSON.parse(readFileSync(path, 'utf8')) as Lease
    if (lease.v === 1 && typeof lease.instance === 'string') return [{ ...lease, seenAt }]
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
  }
  return [stranger(basename(path, suffix), seenAt)]
}

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
  counters: { verified: {}, rejected: {}, signed: {}, loginsSucceeded: 0, loginsFailed: 0 },
  role: 'instance',
  seenAt,
})
