/** gather: everything doctor looks at, read once. */
import { statSync } from 'node:fs'
import { KeyturnError } from 'keyturn'
import type { Ring } from 'keyturn/ports'
import { fleetOf } from 'keyturn/rotation'
import { fleetViewOf, type FleetView } from '../desk/fleet-view.ts'
import type { GlobalFlags } from '../output.ts'
import { fixedProcesses, type FixedProcess } from '../processes.ts'
import { secretSources, type Sources } from '../secret-sources.ts'
import type { FileTarget } from '../target.ts'

export interface Evidence {
  readonly target: FileTarget
  readonly sources: Sources
  /** The ring in the file. */
  readonly ring?: Ring
  /** Why it cannot be read. */
  readonly ringError?: KeyturnError
  readonly fleet?: FleetView
  readonly processes: readonly FixedProcess[]
  /** When the file last changed; epoch milliseconds. */
  readonly changedAt?: number
  readonly now: number
}

/** @throws {StoreError} ERR_STORE_DENIED when the file cannot be read */
export async function gather(target: FileTarget, flags: GlobalFlags): Promise<Evidence> {
  const { file } = target
  const sources = secretSources(target, flags)
  const now = Date.now()
  const processes = fixedProcesses(file.names.active, file.names.keyring)
  const changed = statSync(file.path, { throwIfNoEntry: false })?.mtimeMs
  const common = { target, sources, processes, now, ...(changed !== undefined && { changedAt: changed }) }
  try {
    const ring = await file.store.read()
    if (!ring) return common
    const fleet = fleetViewOf(await fleetOf(ring, file.leases, now), ring.document, now)
    return { ...common, ring, fleet }
  } catch (error) {
    if (!(error instanceof KeyturnError) || error.code === 'ERR_STORE_DENIED') throw error
    return { ...common, ringError: error }
  }
}
