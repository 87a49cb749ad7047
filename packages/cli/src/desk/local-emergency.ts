/** runEmergency: an emergency that this command runs itself, on a file or on a hub's database. */
import { emergency, whyMissing, type EmergencyRequest, type RotationContext } from 'keyturn/rotation'
import { acknowledgedIn } from './fleet-view.ts'
import type { EmergencyResult } from './ring-desk.ts'

export async function runEmergency(
  context: RotationContext,
  request: EmergencyRequest,
): Promise<EmergencyResult> {
  const { document, kid, compromised, restored, fleet, unconfirmed } = await emergency(context, request)
  const now = Date.now()
  return {
    ring: document.ring,
    generation: document.generation,
    kid,
    cutoff: document.cutoff,
    compromised,
    restored,
    confirmed: acknowledgedIn(fleet),
    unconfirmed: unconfirmed.map(each => ({
      instance: each.lease.instance,
      why: whyMissing(each, now),
      stopsBy: each.stopsBy,
    })),
    tokens: [],
  }
}
