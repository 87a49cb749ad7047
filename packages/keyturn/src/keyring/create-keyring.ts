/** createKeyring: validates, joins the fleet, and only then resolves. */
import { randomBytes, randomInt } from 'node:crypto'
import { hostname } from 'node:os'
import { ConfigError, StoreError } from '../errors.ts'
import { systemClock } from '../ports/clock.ts'
import type { Ring } from '../ports/ring-store.ts'
import type { AuditEntry, Limits } from '../ring/document.ts'
import { checkLimits } from '../ring/limits.ts'
import { revivedKids } from '../ring/revived.ts'
import { adoptEdit, reconciled } from '../rotation/adopt.ts'
import { isConflict } from '../rotation/change.ts'
import type { EnvFile } from '../stores/env-file.ts'
import { variableNames } from '../stores/ring-variables.ts'
import { checkRing } from './check-ring.ts'
import { Counting } from './counters.ts'
import { Emitter } from './events.ts'
import { KeyTable } from './key-table.ts'
import { Keyring, type KeyringChecks } from './keyring.ts'
import { LiveRing } from './live-ring.ts'
import { logToStderr, type Log } from './log.ts'
import { chooseSource, type RingSource } from './source.ts'

export interface KeyringOptions extends KeyringChecks {
  /** Where the ring is. @default KEYTURN_ENV_FILE, then the environment */
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
 *   ERR_CONFIG_SECRET_COMPROMISED, ERR_CONFIG_FILE_MOUNT, ERR_CONFIG_SOURCE, ERR_CONFIG_LIMITS
 * @throws {RingError} ERR_RING_INVALID
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

  source.assertLive()
  warnOfMode(source, log)
  const instance = options.instance ?? `${hostname()}-${process.pid}-${randomBytes(3).toString('base64url')}`
  const found = await openFile(source, instance, log, options.lease !== false)
  const live = new LiveRing(found, {
    store: source.store,
    ...(options.lease !== false && { leases: source.leases }),
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
  try {
    await live.join()
  } catch (error) {
    await live.close().catch(() => undefined)
    throw error
  }
  return keyring
}

const mostTries = 20

/** Reads and checks the ring; what a person edited by hand is adopted, by one of the instances that start. */
async function openFile(source: EnvFile, instance: string, log: Log, leased: boolean): Promise<Ring> {
  const { store, leases, names } = source
  for (let tries = 1; ; tries += 1) {
    // Before the ring: an emergency in between would look like a backup that was restored.
    const entries = readableEntries(source, log)
    const found = (await store.read()) ?? missing(names.active, source.name)
    checkRing(found, names, log)
    refuseRevived(found, entries, source.name)
    if (!found.edited) return found
    try {
      const context = { store, leases, clock: systemClock, actor: instance }
      const adopted = await adoptEdit(context, found)
      const action = adopted.document.audit?.action ?? ''
      log({
        level: 'warn',
        event: 'ring.edited',
        message: `${source.name} was edited by hand; taken over as generation ${adopted.document.generation} (${action})`,
      })
      return adopted
    } catch (error) {
      // An instance that shows itself to nobody may also be one that cannot write.
      if (!leased && error instanceof StoreError) return takeValues(found, source.name, log)
      const isRace = isConflict(error) || (error instanceof ConfigError === false && isEditRace(error))
      if (!isRace || tries >= mostTries) throw error
      await systemClock.sleep(randomInt(20 * tries))
    }
  }
}

/** A backup that was restored must not bring a compromised key back. */
function refuseRevived({ document }: Ring, entries: readonly AuditEntry[], where: string): void {
  const [kid] = revivedKids(document, entries)
  if (kid === undefined) return
  throw new ConfigError(
    'ERR_CONFIG_SECRET_COMPROMISED',
    `the key ${kid} in ${where} is compromised, says the audit trail: was a backup restored? keyturn emergency makes a fresh key`,
  )
}

/** A trail kept where the application may not look does not stop its start. */
function readableEntries(source: EnvFile, log: Log): readonly AuditEntry[] {
  try {
    return source.trail().entries
  } catch (error) {
    log({ level: 'warn', event: 'audit.unreadable', message: error instanceof Error ? error.message : '' })
    return []
  }
}

const isEditRace = (error: unknown): boolean => (error as { code?: unknown }).code === 'ERR_RING_EDITED'

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

function warnOfMode(source: EnvFile, log: Log): void {
  const warning = source.modeWarning()
  if (warning) log({ level: 'warn', event: 'file.mode', message: `${warning}: run keyturn doctor --fix` })
}

function missing(variable: string, where: string): never {
  throw new ConfigError('ERR_CONFIG_SECRET_MISSING', `${variable} is not set in ${where}`)
}

/** Values that a person edited win, in this process alone. */
function takeValues(found: Ring, where: string, log: Log): Ring {
  if (!found.edited) return found
  const message = `${where} was edited by hand; the values win in this process, the record stays as it is`
  log({ level: 'warn', event: 'ring.edited', message })
  return reconciled(found, Math.floor(systemClock.now() / 1000))
}
