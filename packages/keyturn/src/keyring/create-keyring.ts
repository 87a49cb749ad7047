/** createKeyring: validates, joins the fleet, and only then resolves. */
import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { systemClock } from '../ports/clock.ts'
import type { LiveSource } from '../ports/live-source.ts'
import type { Ring } from '../ports/ring-store.ts'
import type { Limits } from '../ring/document.ts'
import { checkLimits } from '../ring/limits.ts'
import { eraseDue } from '../rotation/erase.ts'
import type { EnvFile } from '../stores/env-file.ts'
import { variableNames, type VariableNames } from '../stores/ring-variables.ts'
import { checkRing } from './check-ring.ts'
import { Counting } from './counters.ts'
import { Emitter } from './events.ts'
import { KeyTable } from './key-table.ts'
import { Keyring, type KeyringChecks } from './keyring.ts'
import { LiveRing } from './live-ring.ts'
import type { LiveRingOptions } from './live-ring-options.ts'
import { logToStderr, type Log } from './log.ts'
import { missing, openEnvFile, takeValues } from './open-env-file.ts'
import { openLive } from './open-live.ts'
import { chooseSource, type RingSource } from './source.ts'

export interface KeyringOptions extends KeyringChecks {
  /** Where the ring is. @default KEYTURN_URL, then KEYTURN_ENV_FILE, then the environment */
  readonly source?: RingSource
  /** Name of the active secret's variable; renames all. @default 'JWT_SECRET_KEY' */
  readonly variable?: string
  /** Name of a ring that was set by hand. @default 'default/default' */
  readonly ring?: string
  /** Durations of a ring that was set by hand, in seconds. A ring that Keyturn wrote has its own. */
  readonly limits?: Partial<Limits>
  /** Show this instance to the fleet. Without it every rotation is unproven. @default true */
  readonly lease?: boolean
  /** Name of this instance. @default host, process id and four random characters */
  readonly instance?: string
  /** @default one line on standard error */
  readonly log?: Log
  /** @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>>
}

/**
 * The application's keyring. Every secret is checked first: a weak one stops the start.
 * @throws {ConfigError} ERR_CONFIG_SECRET_MISSING, ERR_CONFIG_SECRET_WEAK with all findings,
 *   ERR_CONFIG_SECRET_COMPROMISED, ERR_CONFIG_FILE_MOUNT, ERR_CONFIG_SOURCE, ERR_CONFIG_LIMITS, ERR_HUB_PLAIN_HTTP
 * @throws {RingError} ERR_RING_INVALID, ERR_RING_REGRESSED
 * @throws {StoreError} when the store cannot be read, or the lease cannot be stored
 * @example
 * const keyring = await createKeyring()
 * const token = keyring.sign({ sub: user.id }, { expiresIn: '15m' })
 * const { payload } = await keyring.authenticate(token)
 */
export async function createKeyring(options: KeyringOptions = {}): Promise<Keyring> {
  const { log = logToStderr, env = process.env, variable, ring, limits } = options
  const handSet = {
    ...(variable !== undefined && { variable }),
    ...(ring !== undefined && { ring }),
    ...(limits && { limits: checkLimits(limits) }),
  }
  const source = options.source ?? chooseSource(handSet, env)
  const names = variableNames(variable)
  const emitter = new Emitter()
  const counting = new Counting()
  emitter.on('security.violation', ({ code, kid, count }) =>
    log({
      level: 'warn',
      event: 'security.violation',
      message: `${code}${kid === undefined ? '' : ` for ${kid}`}, ${count} since the last report`,
      code,
    }),
  )
  const parts = { checks: options, emitter, counting }
  if (source.kind === 'fixed') {
    const found = source.read() ?? missing(names.active, source.name)
    checkRing(found, names, log)
    return new Keyring({ table: new KeyTable(takeValues(found, source.name, log)) }, parts)
  }

  const instance = options.instance ?? `${hostname()}-${process.pid}-${randomBytes(3).toString('base64url')}`
  const opened = await open(source, names, { instance, log, leased: options.lease !== false })
  const live = new LiveRing(opened.ring, {
    ...opened.options,
    instance,
    counters: () => counting.snapshot(),
    onChange: (before, after) => announce(before, after, emitter, log),
    onRefused: (code, message) => {
      log({ level: 'warn', event: 'ring.not-taken', message, code })
      if (code === 'ERR_RING_EDITED')
        emitter.emit('edited', { generation: live.table.ring.document.generation })
      else emitter.emit('reload-failed', { code, message })
    },
  })
  const keyring = new Keyring({ live }, parts)
  if (live.isVerifyOnly) {
    live.joinLater()
    return keyring
  }
  try {
    await live.join()
  } catch (error) {
    await live.close().catch(() => undefined)
    throw error
  }
  return keyring
}

/** The ring as it is found, and how it is followed from then on. */
async function open(
  source: EnvFile | LiveSource,
  names: VariableNames,
  by: { readonly instance: string; readonly log: Log; readonly leased: boolean },
): Promise<{
  readonly ring: Ring
  readonly options: Omit<LiveRingOptions, 'instance' | 'counters' | 'onChange' | 'onRefused'>
}> {
  const { instance, log, leased } = by
  if (source.kind === 'live') {
    const { store, leases, pollEvery, snapshot } = source
    const { ring, confirmedAt } = await openLive(source, names, log)
    return {
      ring,
      options: {
        store,
        pollEvery,
        ...(leased && leases && { leases }),
        ...(snapshot && { snapshot }),
        ...(confirmedAt !== undefined && { confirmedAt }),
      },
    }
  }
  const { store, leases } = source
  const ring = await openEnvFile(source, instance, log, leased)
  const trail = (): ReturnType<EnvFile['trail']> => source.trail()
  const erase = (): Promise<unknown> =>
    eraseDue({ store, leases, clock: systemClock, actor: instance, trail })
  return { ring, options: { store, ...(leased && { leases, erase }) } }
}

function announce(before: KeyTable, after: KeyTable, emitter: Emitter, log: Log): void {
  const { generation, keys } = after.ring.document
  for (const key of keys) {
    if (key.state !== 'suspended' && key.state !== 'compromised') continue
    if (before.stateOf(key.kid) === key.state) continue
    emitter.emit(key.state, { generation, kid: key.kid })
    log({
      level: key.state === 'compromised' ? 'warn' : 'info',
      event: `key.${key.state}`,
      message: `${key.kid} at generation ${generation}`,
    })
  }
  const { kid } = after.active.key
  const previous = before.active.key.kid
  if (kid === previous) return
  emitter.emit('rotated', { generation, kid, previous })
  log({ level: 'info', event: 'ring.rotated', message: `${kid} signs since generation ${generation}` })
}
