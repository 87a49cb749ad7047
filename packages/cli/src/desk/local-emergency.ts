/** runEmergency: an emergency that this command runs itself, on a file or on a hub's database. */
import { emergency, type EmergencyRequest, type RotationContext, whyMissing } from 'keyturn/rotation'
import type { EmergencyResult } from './ring-desk.ts'

export async function runEmergency(
  context: RotationContext,
  request: EmergencyRequest,
): Promise<EmergencyResult> {
  const { document, kid, compromised, fleet, unconfirmed } = await emergency(context, request)
  const now = Date.now()
  return {
    ring: document.ring,
    generation: document.generation,
    kid,
    cutoff: document.cutoff,
    compromised,
    confirmed: fleet.instances.filter(({ standing }) => standing === 'acknowledged').length,
    unconfirmed: unconfirmed.map(each => ({
      instance: each.lease.instance,
      why: whyMissing(each, now),
      stopsBy: each.stopsBy,
    })),
    tokens: [],
  }
}
