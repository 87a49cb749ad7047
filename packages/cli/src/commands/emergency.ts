/** keyturn emergency: a key leaked. Everything that has bytes is compromised, and a fresh key signs at once. */
import type { Command } from 'commander'
import { KeyturnError, StoreError } from 'keyturn'
import { allDesks, openDesk } from '../desk/open-desk.ts'
import type { EmergencyResult, RingDesk } from '../desk/ring-desk.ts'
import { withOfflineDesk, type OfflineFlags } from '../desk/offline-desk.ts'
import { moment } from '../moments.ts'
import { Output } from '../output.ts'
import { progressOf } from '../progress.ts'
import { interruptible } from '../rotate-request.ts'
import { sharedKids } from '../shared-kids.ts'
import { ask, canAsk, causeOf, causes, reasonOf, timeoutOf, usageError } from '../usage.ts'

interface EmergencyFlags extends OfflineFlags {
  readonly reason?: string
  readonly cause?: string
  readonly confirm?: string
  readonly kid?: string
  readonly keepSessions?: boolean
  readonly revokeTokens?: boolean
  readonly timeout: string
}

/** What an emergency needs of a desk; a database without its hub has nothing more. */
type EmergencyDesk = Pick<
  RingDesk,
  'kind' | 'name' | 'ring' | 'environment' | 'settings' | 'record' | 'emergency' | 'interruption'
>

export default (command: Command): void => {
  command
    .option('--reason <text>', 'why, for the audit trail')
    .option('--cause <cause>', causes.join(', '), 'compromised')
    .option('--confirm <ring>', 'the name of the ring, instead of typing it')
    .option('--kid <kid>', 'only this key leaked')
    .option('--keep-sessions', 'with --kid: login sessions stay')
    .option('--revoke-tokens', 'also revoke the access tokens of the instances of this ring, at a hub')
    .option('--database-url [url]', 'no hub runs: work on its database (without a value: DATABASE_URL)')
    .option('--data <path>', 'no hub runs: work on its data folder')
    .option(
      '--timeout <duration>',
      'how long to wait for the instances; the change itself waits for nobody',
      '2m',
    )
    .action(async (_, self: Command) => {
      const flags = self.optsWithGlobals<EmergencyFlags>()
      const output = new Output(flags)
      if (flags.databaseUrl !== undefined || flags.data !== undefined)
        return withOfflineDesk(flags, output, desk => act(desk, flags, output))
      await act(await openDesk(flags, output), flags, output)
    })
}

async function act(desk: EmergencyDesk, flags: EmergencyFlags, output: Output): Promise<void> {
  if (flags.revokeTokens && desk.kind === 'file')
    throw usageError('--revoke-tokens is for a ring of a hub: a file has no access tokens')
  const record = await desk.record()
  if (!record) throw new StoreError('ERR_STORE_MISSING', `${desk.name} holds no ring`)
  const cause = causeOf(flags.cause)
  await confirm(flags, record.document.ring, output)
  const reason = await reasonOf(flags.reason)
  const elsewhere = await othersWith(desk, flags, output)
  const started = performance.now()
  const demand = {
    reason,
    ...cause,
    timeout: timeoutOf(flags),
    ...(flags.kid !== undefined && { kid: flags.kid }),
    ...(flags.keepSessions && { keepSessions: true }),
    ...(flags.revokeTokens && { revokeTokens: true }),
  }
  const result = await interruptible(output, [desk], () => desk.emergency(demand, progressOf(output)))
  show(output, result, (performance.now() - started) / 1000, flags)
  for (const name of elsewhere)
    output.warn(`${name} holds a key of this ring as well: run keyturn emergency -e ${name}`)
}

async function confirm(flags: EmergencyFlags, ring: string, output: Output): Promise<void> {
  const ends =
    flags.keepSessions && flags.kid !== undefined
      ? 'Login sessions stay.'
      : 'Every login session ends, and no rollback brings it back.'
  output.note(
    `EMERGENCY  ${ring}\n  ${flags.kid ?? 'Every key'} is dead everywhere at once and never comes back. ${ends}`,
  )
  if (flags.confirm === ring || (flags.yes && flags.confirm === undefined && canAsk())) return
  if (flags.confirm === undefined && canAsk()) {
    if ((await ask(`Type ${ring} to go on: `)) === ring) return
    throw new KeyturnError('ERR_USAGE_CONFIRM', 'that is not the name of the ring; nothing was changed')
  }
  const said =
    flags.confirm === undefined
      ? 'the confirmation is missing'
      : `--confirm ${flags.confirm} is not the name of the ring`
  throw new KeyturnError('ERR_USAGE_CONFIRM', `${said}: add --confirm ${ring}`)
}

/** Environments that hold one of this ring's keys too. */
async function othersWith(
  desk: EmergencyDesk,
  flags: EmergencyFlags,
  output: Output,
): Promise<readonly string[]> {
  if (!desk.settings) return []
  const name = desk.environment ?? ''
  const shared = await sharedKids(await allDesks(flags, output))
  return [
    ...new Set(shared.filter(each => each.environments.includes(name)).flatMap(each => each.environments)),
  ].filter(each => each !== name)
}

function show(output: Output, result: EmergencyResult, seconds: number, flags: EmergencyFlags): void {
  const { ring, generation, cutoff, compromised, restored, kid, confirmed, unconfirmed, tokens } = result
  if (compromised.length === 0)
    output.line(`${output.mark('ok')} ${flags.kid ?? 'the key'} was compromised already: nothing to change`)
  if (restored && (flags.kid !== undefined || flags.keepSessions))
    output.line(
      `${output.mark('warn')} a backup was restored before: every key is dead, and every login session has ended`,
    )
  for (const each of compromised)
    output.line(`${output.mark('ok')} ${each} compromised: it is refused and can never come back`)
  output.line(`${output.mark('ok')} ${kid} signs, generation ${generation}`)
  const counted = confirmed + unconfirmed.length
  const mark = output.mark(unconfirmed.length === 0 ? 'ok' : 'warn')
  if (counted === 0) output.line(`${mark} no instance holds this ring: nobody has to confirm`)
  else output.line(`${mark} ${confirmed} of ${counted} instances confirm, after ${seconds.toFixed(1)} s`)
  for (const { why, stopsBy } of unconfirmed)
    output.line(`${output.mark('warn')} ${why}; it has stopped by ${moment(stopsBy / 1000)} at the latest`)
  for (const { name, id, addresses, revoked } of tokens)
    output.line(
      `  token ${name} (${id}${revoked ? ', revoked' : ''}) was used from ${addresses.join(', ') || 'nowhere'}`,
    )
  if (tokens.some(({ revoked }) => !revoked))
    output.line('  an address that is not yours? keyturn access revoke ID')
  output.line('Next   keyturn status --watch      docs/SECOPS_RUNBOOK.md')
  output.document('emergency', {
    ring,
    generation,
    kid,
    compromised,
    restored,
    cutoff,
    confirmed,
    unconfirmed: unconfirmed.map(({ instance, stopsBy }) => ({
      id: instance,
      stopsBy: new Date(stopsBy).toISOString(),
    })),
    ...(tokens.length > 0 && { tokens }),
  })
  if (unconfirmed.length > 0) process.exitCode = 7
}
