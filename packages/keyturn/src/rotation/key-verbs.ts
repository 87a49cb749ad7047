/** importKey, retireKey, destroyKey, forgetInstance: changes by hand. */
import { ConfigError, RingError } from '../errors.ts'
import type { RingDocument } from '../ring/document.ts'
import { advance } from '../ring/advance.ts'
import { activeKey } from '../ring/keys.ts'
import { destroy, retire } from '../ring/retire.ts'
import { stage } from '../ring/stage.ts'
import { kidOf } from '../secret/kid.ts'
import { Secret } from '../secret/secret.ts'
import { checkSecret } from '../secret/strength.ts'
import { change, readRing } from './change.ts'
import type { Grounds, RotationContext } from './context.ts'
import { fleetOf } from './fleet.ts'
import { groundsOf } from './finish.ts'
import { refuseRegressed } from './regression.ts'

export interface KeyRequest extends Grounds {
  readonly kid: string
  readonly force?: boolean
}

/**
 * Stages a secret that comes from elsewhere; the next rotation makes it sign.
 * @throws {ConfigError} ERR_CONFIG_SECRET_WEAK
 * @throws {RingError} ERR_RING_REGRESSED, ERR_RING_STAGED, ERR_RING_OPERATION, ERR_RING_FULL,
 *   ERR_RING_KEY_COMPROMISED, ERR_RING_KEY_EXISTS
 */
export async function importKey(
  context: RotationContext,
  request: Grounds & { text: string; aliases?: readonly string[]; force?: boolean },
): Promise<{ document: RingDocument; kid: string }> {
  const report = checkSecret(request.text, { variable: 'the secret' })
  if (!report.ok) throw new ConfigError('ERR_CONFIG_SECRET_WEAK', undefined, { findings: report.findings })
  await refuseRegressed(context)
  const kid = kidOf(request.text)
  const { document } = await change(context, {
    deed: { ...groundsOf(request), action: 'key.import' },
    secrets: new Map([[kid, new Secret(request.text)]]),
    apply: (before, now) =>
      stage(
        before,
        {
          kid,
          alg: activeKey(before).alg,
          createdAt: now,
          ...(request.aliases?.length && { aliases: request.aliases }),
        },
        { ...(request.force && { force: true }) },
      ),
  })
  await context.afterChange?.('stage', document)
  return { document, kid }
}

/** Suspends a retiring key early. @throws {RingError} ERR_RING_REGRESSED, and what the verb throws */
export async function retireKey(context: RotationContext, request: KeyRequest): Promise<RingDocument> {
  await refuseRegressed(context)
  const { document } = await change(context, {
    deed: { ...groundsOf(request), action: 'key.retire' },
    apply: (before, now) => retire(before, request.kid, { now, ...(request.force && { force: true }) }),
  })
  await context.afterChange?.('activate', document)
  return document
}

/** Erases a staged or suspended key. @throws {RingError} ERR_RING_REGRESSED, and what the verb throws */
export async function destroyKey(context: RotationContext, request: KeyRequest): Promise<RingDocument> {
  await refuseRegressed(context)
  const { document } = await change(context, {
    deed: { ...groundsOf(request), action: 'key.destroy' },
    apply: before => destroy(before, request.kid),
  })
  await context.afterChange?.('activate', document)
  return document
}

/**
 * Waives a lost instance by name: the gate no longer waits for it.
 * @throws {RingError} ERR_RING_REGRESSED, ERR_RING_INSTANCE_NOT_FOUND, ERR_RING_INSTANCE_ALIVE
 */
export async function forgetInstance(
  context: RotationContext,
  request: Grounds & { instance: string },
): Promise<RingDocument> {
  const { instance } = request
  await refuseRegressed(context)
  const fleet = await fleetOf(await readRing(context.store), context.leases, await context.store.now())
  const found = fleet.instances.find(each => each.lease.instance === instance)
  if (!found) throw new RingError('ERR_RING_INSTANCE_NOT_FOUND', `no instance is called ${instance}`)
  if (!['lost', 'fenced', 'dead'].includes(found.standing))
    throw new RingError(
      'ERR_RING_INSTANCE_ALIVE',
      `${instance} is alive: a running instance cannot be forgotten`,
    )
  const { document } = await change(context, {
    deed: { ...groundsOf(request), action: `fleet.forget:${instance}` },
    apply: before => advance(before, {}),
  })
  await context.leases.remove(instance)
  return document
}
