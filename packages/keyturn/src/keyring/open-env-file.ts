/** openEnvFile: the ring of a `.env` file, checked, with what a person edited by hand taken over. */
import { randomInt } from 'node:crypto'
import { ConfigError, StoreError } from '../errors.ts'
import { systemClock } from '../ports/clock.ts'
import type { Ring } from '../ports/ring-store.ts'
import type { AuditEntry } from '../ring/document.ts'
import { revivedKids } from '../ring/revived.ts'
import { adoptEdit, reconciled } from '../rotation/adopt.ts'
import { isConflict } from '../rotation/change.ts'
import type { EnvFile } from '../stores/env-file.ts'
import { checkRing } from './check-ring.ts'
import type { Log } from './log.ts'

const mostTries = 20

/** Reads and checks the ring; what a person edited by hand is adopted, by one of the instances that start. */
export async function openEnvFile(
  source: EnvFile,
  instance: string,
  log: Log,
  leased: boolean,
): Promise<Ring> {
  const { store, leases, names } = source
  source.assertLive()
  warnOfMode(source, log)
  for (let tries = 1; ; tries += 1) {
    // Before the ring: an emergency in between would look like a backup that was restored.
    const entries = await readableEntries(source, log)
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
async function readableEntries(source: EnvFile, log: Log): Promise<readonly AuditEntry[]> {
  try {
    return (await source.trail()).entries
  } catch (error) {
    log({ level: 'warn', event: 'audit.unreadable', message: error instanceof Error ? error.message : '' })
    return []
  }
}

const isEditRace = (error: unknown): boolean => (error as { code?: unknown }).code === 'ERR_RING_EDITED'

function warnOfMode(source: EnvFile, log: Log): void {
  const warning = source.modeWarning()
  if (warning) log({ level: 'warn', event: 'file.mode', message: `${warning}: run keyturn doctor --fix` })
}

export function missing(variable: string, where: string): never {
  throw new ConfigError('ERR_CONFIG_SECRET_MISSING', `${variable} is not set in ${where}`)
}

/** Values that a person edited win, in this process alone. */
export function takeValues(found: Ring, where: string, log: Log): Ring {
  if (!found.edited) return found
  const message = `${where} was edited by hand; the values win in this process, the record stays as it is`
  log({ level: 'warn', event: 'ring.edited', message })
  return reconciled(found, Math.floor(systemClock.now() / 1000))
}
