/** keyturn emergency: a key leaked. Everything that has bytes is compromised, and a fresh key signs at once. */
import type { Command } from 'commander'
import { KeyturnError } from 'keyturn'
import { emergency, readRing, whyMissing, type EmergencyOutcome } from 'keyturn/rotation'
import { moment } from '../moments.ts'
import { Output, type GlobalFlags } from '../output.ts'
import { progressOf } from '../progress.ts'
import { sharedKids } from '../shared-kids.ts'
import { allTargets, chooseTarget, contextOf, type Target } from '../target.ts'
import { ask, canAsk, causeOf, causes, reasonOf, timeoutOf } from '../usage.ts'

interface EmergencyFlags extends GlobalFlags {
  readonly reason?: string
  readonly cause?: string
  readonly confirm?: string
  readonly kid?: string
  readonly keepSessions?: boolean
  readonly timeout: string
}

export default (command: Command): void => {
  command
    .option('--reason <text>', 'why, for the audit trail')
    .option('--cause <cause>', causes.join(', '), 'compromised')
    .option('--confirm <ring>', 'the name of the ring, instead of typing it')
    .option('--kid <kid>', 'only this key leaked')
    .option('--keep-sessions', 'with --kid: login sessions stay')
    .option(
      '--timeout <duration>',
      'how long to wait for the instances; the change itself waits for nobody',
      '2m',
    )
    .action(async (_, self: Command) => {
      const flags = self.optsWithGlobals<EmergencyFlags>()
      const output = new Output(flags)
      const target = chooseTarget(flags)
      const { document } = await readRing(target.file.store)
      const cause = causeOf(flags.cause)
      await confirm(flags, document.ring, output)
      const reason = await reasonOf(flags.reason)
      const elsewhere = await othersWith(target, flags)
      const started = performance.now()
      const outcome = await emergency(
        contextOf(target, output, { report: progressOf(output), timeout: timeoutOf(flags) }),
        {
          reason,
          ...cause,
          timeout: timeoutOf(flags),
          ...(flags.kid !== undefined && { kid: flags.kid }),
          ...(flags.keepSessions && { keepSessions: true }),
        },
      )
      show(output, outcome, (performance.now() - started) / 1000, flags)
      for (const name of elsewhere)
        output.warn(`${name} holds a key of this ring as well: run keyturn emergency -e ${name}`)
    })
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
async function othersWith(target: Target, flags: EmergencyFlags): Promise<readonly string[]> {
  if (!target.settings) return []
  const name = target.environment ?? ''
  const shared = await sharedKids(allTargets(flags))
  return [
    ...new Set(shared.filter(each => each.environments.includes(name)).flatMap(each => each.environments)),
  ].filter(each => each !== name)
}

function show(output: Output, outcome: EmergencyOutcome, seconds: number, flags: EmergencyFlags): void {
  const { document, compromised, kid, fleet, unconfirmed } = outcome
  if (compromised.length === 0)
    output.line(`${output.mark('ok')} ${flags.kid ?? 'the key'} was compromised already: nothing to change`)
  for (const each of compromised)
    output.line(`${output.mark('ok')} ${each} compromised: it is refused and can never come back`)
  output.line(`${output.mark('ok')} ${kid} signs, generation ${document.generation}`)
  const confirmed = fleet.instances.filter(({ standing }) => standing === 'acknowledged').length
  const counted = confirmed + unconfirmed.length
  const mark = output.mark(unconfirmed.length === 0 ? 'ok' : 'warn')
  if (counted === 0) output.line(`${mark} no instance holds this ring: nobody has to confirm`)
  else output.line(`${mark} ${confirmed} of ${counted} instances confirm, after ${seconds.toFixed(1)} s`)
  for (const each of unconfirmed)
    output.line(
      `${output.mark('warn')} ${whyMissing(each, Date.now())}; it has stopped by ${moment(each.stopsBy / 1000)} at the latest`,
    )
  output.line('Next   keyturn status --watch      docs/SECOPS_RUNBOOK.md')
  output.document('emergency', {
    ring: document.ring,
    generation: document.generation,
    kid,
    compromised,
    cutoff: document.cutoff,
    confirmed,
    unconfirmed: unconfirmed.map(({ lease, stopsBy }) => ({
      id: lease.instance,
      stopsBy: new Date(stopsBy).toISOString(),
    })),
  })
  if (unconfirmed.length > 0) process.exitCode = 7
}
