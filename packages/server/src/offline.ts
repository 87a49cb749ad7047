/** openOffline: works on the database of a hub that does not run. For an emergency, and for its upkeep. */
import { systemClock } from 'keyturn/ports'
import type { RotationContext } from 'keyturn/rotation'
import { AccessTokens } from './access/access-tokens.ts'
import { HubEvents } from './access/events.ts'
import { SetupLinks, setupPath } from './access/setup-links.ts'
import { restoreBackup, writeBackup, type BackupSummary, type RestoredRing } from './backup.ts'
import type { TokenInUse } from './rotations/rotation-view.ts'
import { tokensInUse, type TokensInUseRequest } from './rotations/tokens-in-use.ts'
import { assertDatabase, openStorage, type StorageOptions } from './open-storage.ts'
import { rekey } from './rekey.ts'
import { LeaseQueue } from './rings/lease-queue.ts'
import { RingFeed } from './rings/ring-feed.ts'
import { readTrail } from './rings/sql-audit-log.ts'
import { sqlLeaseBoard } from './rings/sql-lease-board.ts'
import { sqlRingStore } from './rings/sql-ring-store.ts'

export interface OfflineOptions extends StorageOptions {
  /** Makes an embedded database where there is none, as a restore needs it. @default false */
  readonly create?: boolean
}

export interface Offline {
  /** What a rotation works with, without a hub. @param actor who, for the audit trail */
  contextOf(ring: string, actor: string): RotationContext
  rings(): Promise<readonly string[]>
  /** The access tokens of the instances of a ring, ended if that is asked for. */
  tokensInUse(request: TokensInUseRequest): Promise<readonly TokenInUse[]>
  /** Seals every ring anew: with a fresh `master.key` in the data folder, or with the key that the environment gives. */
  rekey(): Promise<{ readonly rings: number }>
  backup(path: string): Promise<BackupSummary>
  restore(
    path: string,
    options: { readonly compromised?: readonly string[]; readonly actor: string },
  ): Promise<readonly RestoredRing[]>
  /** A one-time link for an operator's password. Returns its path. */
  resetOperator(name: string): Promise<{ readonly path: string }>
  close(): Promise<void>
}

/**
 * @throws {KeyturnError} ERR_HUB_IN_USE while a hub runs on the data folder, ERR_HUB_DATABASE for a folder without a
 *   database, and what `serve` throws
 */
export async function openOffline(options: OfflineOptions): Promise<Offline> {
  if (!options.create) assertDatabase(options)
  const storage = await openStorage(options)
  const { database, sealer } = storage
  const feed = new RingFeed(database, sealer)
  const queue = new LeaseQueue(database)
  const events = new HubEvents(database)
  const contextOf = (ring: string, actor: string): RotationContext => ({
    store: sqlRingStore(database, sealer, feed, ring),
    leases: sqlLeaseBoard(database, queue, ring),
    clock: systemClock,
    actor,
    trail: () => readTrail(database, ring),
  })
  return {
    contextOf,
    rings: async () => {
      await feed.refresh()
      return feed.names
    },
    tokensInUse: request => tokensInUse({ tokens: new AccessTokens(database, events), database }, request),
    rekey: () => rekey(storage, options.env),
    backup: path => writeBackup(database, path),
    restore: (path, { compromised = [], actor }) =>
      restoreBackup(path, { database, sealer, compromised, contextOf: ring => contextOf(ring, actor) }),
    resetOperator: async name => ({
      path: setupPath(await new SetupLinks(database, events).create({ operator: name }), name),
    }),
    close: () => storage.close(),
  }
}
