/** Leases as files in a folder: one per instance, replaced whole. */
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
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

/** A lease can vanish between listing and reading; a text that is no lease proves nothing and is left out. */
function readLease(path: string): SeenLease[] {
  try {
    const lease = JSON.parse(readFileSync(path, 'utf8')) as Lease
    if (lease.v !== 1 || typeof lease.instance !== 'string') return []
    return [{ ...lease, seenAt: statSync(path).mtimeMs }]
  } catch {
    return []
  }
}
