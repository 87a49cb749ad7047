/** Outcomes of a hub as what the commands know. */
import { RingError } from 'keyturn'
import type { KeyState } from 'keyturn/ring'
import type { EmergencyResult, Identified, RotationResult } from '../desk/ring-desk.ts'
import { recordIn, type RotationOutcome, type RotationView } from './hub-answers.ts'
import type { HubClient } from './hub-client.ts'

export function rotationResultOf(view: RotationView): RotationResult {
  const { generation, kid, cutoff, acknowledged, sessionsRestored = false } = outcomeOf(view)
  const canUndo = view.mode === 'graceful' || view.mode === 'hard'
  return { ring: view.ring, generation, kid, cutoff, acknowledged, canUndo, sessionsRestored }
}

export function emergencyResultOf(view: RotationView): EmergencyResult {
  const { generation, kid, cutoff, acknowledged, ...rest } = outcomeOf(view)
  return {
    ring: view.ring,
    generation,
    kid,
    cutoff,
    confirmed: acknowledged,
    compromised: rest.compromised ?? [],
    restored: rest.restored ?? false,
    unconfirmed: (rest.unconfirmed ?? []).map(({ instance, why, stopsBy }) => ({
      instance,
      why,
      stopsBy: Date.parse(stopsBy),
    })),
    tokens: rest.tokens ?? [],
  }
}

function outcomeOf({ id, outcome }: RotationView): RotationOutcome {
  if (outcome) return outcome
  throw new RingError('ERR_RING_CONFLICT', `the hub ended ${id} without an outcome`)
}

/** @param where flags that choose a ring of the same hub; a ring named in them gives way to the one found */
export function identifiedIn(body: unknown, client: HubClient, where: string): Identified {
  const { ring, kid, state, createdAt } = recordIn(body, client.host)
  const seconds = typeof createdAt === 'string' ? Date.parse(createdAt) / 1000 : createdAt
  return {
    ring: String(ring),
    kid: String(kid),
    state: state as KeyState,
    createdAt: typeof seconds === 'number' ? seconds : null,
    hasBytes: state !== 'compromised',
    where: `${where.replace(/ --ring \S+/, '')} --ring ${String(ring)}`,
  }
}
