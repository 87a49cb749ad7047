/** startGroup: rotations of several environments begun together, all or none. */
import { createHash, randomBytes } from 'node:crypto'
import { KeyturnError } from 'keyturn'
import type { RotateRequest } from 'keyturn/rotation'
import { GroupDropped, groupWorks } from './group-works.ts'
import type { RotationRecords } from './rotation-records.ts'
import { isInterrupted } from './rotation-run.ts'
import type { RotationRunner } from './rotation-runner.ts'
import type { RotationView } from './rotation-view.ts'

interface Parts {
  readonly rotations: RotationRunner
  readonly records: RotationRecords
}

/** The same for the same group and ring: whoever asks again finds it. */
const memberId = (group: string, ring: string): string =>
  createHash('sha256').update(`${group}\n${ring}`).digest('base64url').slice(0, 16)

/** Rotations of that group that were begun before. */
export async function groupBefore(
  { records }: Pick<Parts, 'records'>,
  group: string,
  rings: readonly string[],
): Promise<readonly RotationView[]> {
  const found = await Promise.all(rings.map(ring => records.find(memberId(group, ring))))
  return found.filter(view => view !== undefined)
}

/**
 * Returns when every ring has a staged key.
 * @param requests by ring
 * @throws what refuses one of them, with the name of its ring; then what was staged is dropped, and no record is left
 */
export async function startGroup(
  { rotations, records }: Parts,
  requests: ReadonlyMap<string, RotateRequest>,
  actor: string,
  group = randomBytes(9).toString('base64url'),
): Promise<readonly RotationView[]> {
  const works = groupWorks(requests, async () => {
    if ((await records.decisions.decide(group, 'activate')) === 'activate') return
    throw new GroupDropped()
  })
  const begun = await Promise.allSettled(
    [...requests].map(async ([ring, request]) => {
      const { mode, reason, cause, timeout, noFleet } = request
      const wait = { ...(timeout !== undefined && { timeout }), ...(noFleet && { noFleet }) }
      const started = { kind: 'rotation' as const, mode, ring, group, reason, actor, wait }
      const work = works.of(ring)
      try {
        return await rotations.start({ ...started, ...(cause && { cause }) }, work, memberId(group, ring))
      } catch (error) {
        works.cancel(error)
        throw named(error, ring)
      }
    }),
  )
  const views = begun.flatMap(each => (each.status === 'fulfilled' ? [each.value] : []))
  const refusals = begun.flatMap(each => (each.status === 'rejected' ? [each.reason as unknown] : []))
  if (refusals.length === 0) return views.map(view => rotations.viewOf(view.id) ?? view)
  await works.ended
  for (const { id } of views) {
    await rotations.ended(id)
    // One that could not be dropped is dropped by whoever takes it over.
    if ((await records.find(id))?.state !== 'running') await records.remove(id)
  }
  throw refusals.find(each => !isConsequence(each)) ?? refusals[0]
}

/** Only said of rings because of another one. */
const isConsequence = (error: unknown): boolean =>
  error instanceof KeyturnError && error.code === 'ERR_RING_GATE_SHUT'

/** The same error, with the name of its ring. */
export const named = (error: unknown, ring: string): unknown =>
  error instanceof KeyturnError && !isInterrupted(error)
    ? new KeyturnError(error.code, `${ring}: ${error.message}`)
    : error
