/** site: a database that is worked on without a hub, with two rings, to be backed up and restored. */
import { join } from 'node:path'
import { generateSecret } from 'keyturn'
import { change, initRing, readRing, rotate } from 'keyturn/rotation'
import { defaultLimits } from 'keyturn/ring'
import { expect, onTestFinished } from 'vitest'
import { temporaryFolder } from '../../keyturn/test/temporary-folder.ts'
import type { DatabaseOptions } from '../src/database/open-database.ts'
import { openOffline, type Offline } from '../src/offline.ts'
import type { DatabaseKind } from './fresh-database.ts'

export const masterKey = generateSecret()
export const names = ['immonow/production', 'immonow/staging']
export const [production = ''] = names
export const grounds = { reason: 'a test' }
export const alone = { ...grounds, noFleet: true, timeout: 500 }

export interface Site {
  readonly hub: Offline
  readonly options: DatabaseOptions
}

/** An empty database, worked on without a hub. */
export async function site(kind: DatabaseKind, options?: DatabaseOptions): Promise<Site> {
  const place = options ?? (await kind.options())
  const { data, url } = place
  const env = { KEYTURN_MASTER_KEY: masterKey, ...(url !== undefined && { DATABASE_URL: url }) }
  const hub = await openOffline({ data, env, create: true })
  onTestFinished(() => hub.close().catch(() => undefined))
  return { hub, options: place }
}

export const context = ({ hub }: Site, ring: string = production) => hub.contextOf(ring, 'a test')
export const ringAt = (place: Site, ring?: string) => readRing(context(place, ring).store)
export const bump = (place: Site, ring?: string) =>
  change(context(place, ring), {
    deed: { action: 'test', ...grounds },
    apply: before => ({ ...before, generation: before.generation + 1 }),
  })
export const freshFile = (): string => join(temporaryFolder(), 'backup.jsonl')

/** Both rings, each with a few generations behind it. */
export async function withRings(kind: DatabaseKind): Promise<Site> {
  const place = await site(kind)
  for (const ring of names) {
    await initRing(context(place, ring), { ring, limits: defaultLimits, ...grounds })
    await rotate(context(place, ring), { ...alone, mode: 'hard' })
  }
  return place
}

export async function backUp({ hub }: Site): Promise<string> {
  const path = freshFile()
  await hub.backup(path)
  return path
}

export const restore = ({ hub }: Site, path: string, compromised: readonly string[] = []) =>
  hub.restore(path, { actor: 'a test', compromised })

/** Nothing of the trail is missing or changed, and every change after the restore goes on from it. */
export async function expectSoundTrail(place: Site, ring: string): Promise<void> {
  const trail = await context(place, ring).trail?.()
  expect(trail?.notes.filter(({ severity }) => severity === 'broken')).toEqual([])
  expect(trail?.entries.at(-1)).toStrictEqual((await ringAt(place, ring)).document.audit)
  await bump(place, ring)
}

/** Handles from before forget what they have seen. */
export async function reopen(kind: DatabaseKind, { hub, options }: Site): Promise<Site> {
  await hub.close()
  return site(kind, options)
}
