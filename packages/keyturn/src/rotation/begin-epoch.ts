/** beginEpoch: changes go on after a backup was restored, and no compromised key comes back. */
import type { RingDocument } from '../ring/document.ts'
import { activeKey } from '../ring/keys.ts'
import { newEpoch } from '../ring/new-epoch.ts'
import { compromisedIn } from '../ring/revived.ts'
import { generateSecret } from '../secret/generate.ts'
import { kidOf } from '../secret/kid.ts'
import { Secret } from '../secret/secret.ts'
import { change, readRing } from './change.ts'
import type { Grounds, RotationContext } from './context.ts'
import { groundsOf } from './finish.ts'
import { newestSeen, sightingsOf } from './newest-seen.ts'

export interface EpochRequest extends Grounds {
  /** Kids known to be compromised from elsewhere, beside those in the trail. */
  readonly compromised?: readonly string[]
  /** The newest epoch and generation known from elsewhere, beside leases and trail. */
  readonly seen?: { readonly epoch: number; readonly generation: number }
}

/** Begins a new epoch, past everything that leases and trail have seen. */
export async function beginEpoch(context: RotationContext, request: EpochRequest): Promise<RingDocument> {
  const sightings = await sightingsOf(context)
  const { ring } = (await readRing(context.store)).document
  const seen = newestSeen(ring, sightings, request.seen ? [request.seen] : [])
  const compromised = [
    ...new Set([...compromisedIn(ring, sightings.entries), ...(request.compromised ?? [])]),
  ]
  const secret = new Secret(generateSecret())
  const kid = kidOf(secret.reveal())
  const { document } = await change(context, {
    deed: { ...groundsOf(request), action: 'epoch' },
    secrets: new Map([[kid, secret]]),
    apply: (before, now) =>
      newEpoch(before, {
        seen,
        compromised,
        fresh: { kid, alg: activeKey(before).alg, createdAt: now },
        now,
      }),
  })
  await context.afterChange?.('activate', document)
  return document
}
