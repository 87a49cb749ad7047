/** withOfflineDesk: a ring in a hub's database while no hub runs, for an emergency. */
import { StoreError } from 'keyturn'
import type { RotationContext, RotationEvent } from 'keyturn/rotation'
import { actor } from '../actor.ts'
import type { GlobalFlags, Output } from '../output.ts'
import { withOwnErrors } from '../own-error.ts'
import { defaultData, loadServer, type OfflineHub } from '../server-package.ts'
import { ringFlag } from '../target.ts'
import { usageError } from '../usage-error.ts'
import { runEmergency } from './local-emergency.ts'
import type { RingDesk } from './ring-desk.ts'
import { progressIn } from './rotation-progress.ts'

export interface OfflineFlags extends GlobalFlags {
  /** True without a value. */
  readonly databaseUrl?: string | true
  readonly data?: string
}

type OfflineDesk = Pick<RingDesk, 'kind' | 'name' | 'ring' | 'record' | 'emergency' | 'interruption'>

/** @throws {KeyturnError} ERR_HUB_NOT_INSTALLED, ERR_USAGE, and what opening the database throws */
export async function withOfflineDesk(
  flags: OfflineFlags,
  output: Output,
  use: (desk: OfflineDesk) => Promise<void>,
): Promise<void> {
  if ([flags.hub, flags.file, flags.environment].some(each => each !== undefined))
    throw usageError('--database-url and --data go without --hub, --file and -e')
  const hub = await openOffline(flags, output)
  try {
    await use(offlineDesk(hub, await ringOf(hub, flags, output)))
  } finally {
    await hub.close()
  }
}

/** The database that the flags name, as the hub would open it. @param create makes an embedded one where there is none */
export async function openOffline(flags: OfflineFlags, output: Output, create = false): Promise<OfflineHub> {
  const { databaseUrl, data = defaultData } = flags
  const url = databaseUrl === true ? process.env['DATABASE_URL'] : databaseUrl
  if (databaseUrl === true && !url)
    throw usageError('--database-url without a value takes DATABASE_URL: set it')
  if (typeof databaseUrl === 'string' && /:\/\/[^/@]*:[^/@]+@/.test(databaseUrl))
    output.warn(
      'others on this machine can read a password in a command line: set DATABASE_URL, and give --database-url no value',
    )
  const { openOffline: open } = await loadServer()
  const env = url === undefined ? process.env : { ...process.env, DATABASE_URL: url }
  // A data folder that was named is meant, whatever the environment says.
  const { DATABASE_URL: _, ...withoutUrl } = env
  return open({ data, create, env: flags.data !== undefined && url === undefined ? withoutUrl : env })
}

async function ringOf(hub: OfflineHub, flags: GlobalFlags, output: Output): Promise<string> {
  const named = ringFlag(flags) ?? (process.env['KEYTURN_RING'] || undefined)
  const rings = await hub.rings()
  if (named !== undefined) {
    if (rings.includes(named)) return named
    throw new StoreError(
      'ERR_STORE_MISSING',
      `the database holds no ring ${named}: ${rings.join(', ') || 'none'}`,
    )
  }
  const [first, ...others] = rings
  if (first === undefined) throw new StoreError('ERR_STORE_MISSING', 'the database holds no ring')
  if (others.length > 0)
    throw usageError(`the database holds several rings: name one with --ring: ${rings.join(', ')}`)
  output.note(`${first}, the only ring of the database`)
  return first
}

function offlineDesk(hub: OfflineHub, ring: string): OfflineDesk {
  const context = contextOf(hub, ring)
  return {
    kind: 'hub',
    name: `${ring} in ${context.store.name}`,
    ring,
    record: async () => {
      const found = await context.store.read()
      return found && { document: found.document, edited: false }
    },
    emergency: async ({ revokeTokens, ...request }, report) => {
      const following = report
        ? { ...context, report: (event: RotationEvent) => report(progressIn(event)) }
        : context
      // Whoever holds a leaked token must not learn the fresh key, so tokens go first.
      const tokens = await hub.tokensInUse({ ring, actor: actor(), revoke: revokeTokens === true })
      return { ...(await runEmergency(following, request)), tokens }
    },
    interruption: () => undefined,
  }
}

/** What the store refuses decides whether the library tries again, so it has to know the error's class. */
function contextOf(hub: OfflineHub, ring: string): RotationContext {
  const context = hub.contextOf(ring, actor())
  const { store } = context
  return {
    ...context,
    store: {
      name: store.name,
      read: () => withOwnErrors(store.read()),
      compareAndSwap: (expected, next) => withOwnErrors(store.compareAndSwap(expected, next)),
      now: () => withOwnErrors(store.now()),
    },
  }
}
