/** When a ring's next rotation is due: the guide's schedule by the environment's name, unless the configuration says otherwise. */
import { activeKey, type RingDocument } from 'keyturn/ring'
import type { RingDesk } from './desk/ring-desk.ts'

const day = 86_400

type Scheduled = Pick<RingDesk, 'settings' | 'environment'>

/** Seconds between rotations: development monthly, staging quarterly, everything else every six months. */
function intervalOf(desk: Scheduled, document: RingDocument): number {
  if (desk.settings?.every !== undefined) return desk.settings.every
  const environment = desk.environment ?? document.ring.split('/').at(-1)
  if (environment === 'development') return 30 * day
  return environment === 'staging' ? 90 * day : 180 * day
}

/** When the active key began to sign, epoch seconds; null for one that a person set by hand. */
export function activeSince(document: RingDocument): number | null {
  const key = activeKey(document)
  return key.activatedAt ?? key.createdAt
}

/** Epoch seconds; null when the key's age is not known. */
export function dueAt(desk: Scheduled, document: RingDocument): number | null {
  const since = activeSince(document)
  return since === null ? null : since + intervalOf(desk, document)
}
