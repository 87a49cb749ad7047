/** applicationHub: a hub with an application of three environments, and another application. */
import type { RingDocument } from 'keyturn/ring'
import type { RotationView } from '../src/rotations/rotation-view.ts'
import { pathOf, startHub, type Answer, type TestHub } from './running-hub.ts'

/** Of the application `immonow`. */
export const rings = ['immonow/production', 'immonow/staging', 'immonow/test'] as const
export const otherRing = 'other/production'

export const plans = 'POST /v1/applications/immonow/plans'
export const rotations = 'POST /v1/applications/immonow/rotations'

export const reason = 'because of the test'
/** Without instances to wait for. */
export const alone = { reason, mode: 'hard', noFleet: true } as const

export async function applicationHub() {
  const hub = await startHub()
  for (const ring of [...rings, otherRing]) await hub.ring(ring)
  return { hub, as: await hub.token('operate') }
}

export const viewsIn = ({ json }: Answer): readonly RotationView[] => json['rotations'] as RotationView[]

/** Follows each to its end. */
export async function ended(hub: TestHub, views: readonly RotationView[]): Promise<readonly RotationView[]> {
  const as = await hub.token('read')
  return Promise.all(views.map(({ ring, id }) => hub.ended(pathOf(ring), id, as)))
}

/** Of every ring there is. */
export const documentsOf = (hub: TestHub): Promise<readonly RingDocument[]> =>
  Promise.all([...rings, otherRing].map(ring => hub.document(ring)))
