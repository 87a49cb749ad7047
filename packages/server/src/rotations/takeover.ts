/** takeOverAbandoned: rotations of replicas that are gone are finished by another. */
import { takeOverMember } from './group-works.ts'
import type { Replicas } from './replicas.ts'
import type { RotationRecords } from './rotation-records.ts'
import type { RotationRunner } from './rotation-runner.ts'
import { takeOverWork } from './rotation-works.ts'

interface Parts {
  readonly records: RotationRecords
  readonly replicas: Replicas
  readonly runner: RotationRunner
}

/**
 * Looks once. Returns the ids of what this replica works on from now on; among them what it had to let go of itself,
 * because the database was away.
 */
export async function takeOverAbandoned({ records, replicas, runner }: Parts): Promise<readonly string[]> {
  const left = (await records.running()).filter(({ id }) => !runner.running.includes(id))
  if (left.length === 0) return []
  const alive = await replicas.alive()
  const taken: string[] = []
  for (const view of left) {
    if (view.replica !== replicas.id && alive.has(view.replica)) continue
    if (runner.running.includes(view.id) || !(await records.claim(view, replicas.id))) continue
    taken.push(view.id)
    void runner.takeOver(view, view.group === null ? takeOverWork(view) : takeOverMember(view, records))
  }
  return taken
}
