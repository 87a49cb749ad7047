/** groupWorks, takeOverMember, refuseUndecided: rotations of several environments, all or none. */
import { RingError } from 'keyturn'
import type { RingDocument } from 'keyturn/ring'
import {
  abortOperation,
  readRing,
  rotateAll,
  type Member,
  type MemberOutcome,
  type RotateRequest,
} from 'keyturn/rotation'
import type { RotationRecords } from './rotation-records.ts'
import { isInterrupted, type Work } from './rotation-run.ts'
import type { RotationView } from './rotation-view.ts'
import { outcomeOf, takeOverWork } from './rotation-works.ts'

export interface GroupWorks {
  /** What is run for a ring. Nothing begins before the work of every ring has. */
  readonly of: (ring: string) => Work
  /** One of them cannot be begun, so none is. */
  readonly cancel: (error: unknown) => void
  /** All have ended, and what had to be dropped is. */
  readonly ended: Promise<void>
}

/** Another replica has decided against it. It may have looked before a ring was staged: so this one drops as well. */
export class GroupDropped extends RingError {
  constructor() {
    super('ERR_RING_CONFLICT', 'another replica took this one for gone: dropped everywhere')
  }
}

/**
 * One `rotateAll`, each ring of which is a rotation of its own.
 * @param requests by ring
 * @param beforeActivation throws `GroupDropped` when somebody else has decided against it
 */
export function groupWorks(
  requests: ReadonlyMap<string, RotateRequest>,
  beforeActivation: () => Promise<void>,
): GroupWorks {
  const members = new Map<string, Member>()
  const told = new Map<string, (end: MemberOutcome) => void>()
  const ends = new Map(
    [...requests.keys()].map(ring => [
      ring,
      new Promise<MemberOutcome>(resolve => void told.set(ring, resolve)),
    ]),
  )
  const tell = (end: MemberOutcome): void => told.get(end.name)?.(end)
  let left = requests.size
  // The last one ends when nothing is left of the others, their controllers' leases neither.
  const tellOthers = (end: MemberOutcome): void => void ((left -= 1) > 0 && tell(end))
  let begin: () => void = () => undefined
  let cancel: GroupWorks['cancel'] = () => undefined
  const complete = new Promise<void>((resolve, reject) => ([begin, cancel] = [resolve, reject]))
  const ended = complete
    .then(() => rotateAll([...members.values()], { beforeActivation, onEnd: tellOthers }))
    .then(all => Promise.all(all.map(end => dropDecided(members.get(end.name), end))))
    .then(
      all => all.forEach(tell),
      (error: unknown) => [...requests.keys()].forEach(name => tell({ name, error })),
    )
  const of = (ring: string): Work => {
    return async (context, id) => {
      const request = requests.get(ring)
      if (request) members.set(ring, { name: ring, context, request: { ...request, operation: id } })
      if (members.size === requests.size) begin()
      const { outcome, error = notStarted() } = (await ends.get(ring)) ?? {}
      if (outcome) return outcomeOf(outcome)
      throw error
    }
  }
  return { of, cancel, ended }
}

async function dropDecided(member: Member | undefined, end: MemberOutcome): Promise<MemberOutcome> {
  const operation = member?.request.operation
  if (!member || operation === undefined || !(end.error instanceof GroupDropped)) return end
  try {
    await abortOperation(member.context, { reason: 'dropped by another replica', operation })
  } catch (error) {
    // Most often the other one has dropped it already. Without the database somebody takes it over.
    if (isInterrupted(error)) return { ...end, error }
  }
  return end
}

const notStarted = (): RingError =>
  new RingError('ERR_RING_GATE_SHUT', 'not started: another environment was refused')

/**
 * Goes on with one rotation of several whose replica is gone. Before a ring is activated, the group's `activate` is
 * decided in the database; where it is not, this decides `drop`. So each ring can be looked at by itself, by any
 * replica: after `activate` it is finished, otherwise dropped. To wait at all gates together again would need all of
 * them in one replica, and a replica that only stood still could drop one while another is activated. Nothing has
 * changed for anybody when a group is dropped, so it can be asked for again.
 */
export const takeOverMember =
  (view: RotationView, { decisions }: Pick<RotationRecords, 'decisions'>): Work =>
  async (context, id) => {
    const isDropped = (await decisions.decide(view.group ?? id, 'drop')) === 'drop'
    const { operation } = (await readRing(context.store)).document
    if (!isDropped || operation?.id !== id) return takeOverWork(view)(context, id)
    const reason = 'the replica that rotated several environments could not go on'
    await abortOperation(context, { reason, operation: id })
    throw new RingError(
      'ERR_RING_GATE_SHUT',
      `dropped in every environment: the replica ${view.replica} could not go on`,
    )
  }

/**
 * Nobody goes on with one ring of a group of which the others are dropped.
 * @throws {RingError} ERR_RING_OPERATION
 */
export async function refuseUndecided(
  records: Pick<RotationRecords, 'find' | 'decisions'>,
  { operation }: RingDocument,
): Promise<void> {
  if (!operation) return
  const group = (await records.find(operation.id))?.group ?? null
  if (group === null || (await records.decisions.find(group)) === 'activate') return
  throw new RingError(
    'ERR_RING_OPERATION',
    `the ${operation.mode} operation ${operation.id} is one of several environments: the hub activates all of them, or drops them`,
  )
}
