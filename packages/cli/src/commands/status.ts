/** keyturn status: keys, instances, tokens by key, schedule and audit on one screen. */
import type { Command } from 'commander'
import { systemClock } from 'keyturn/ports'
import { rollbackTarget, verifiesAt, type RingDocument, type RingKey } from 'keyturn/ring'
import { openDesk, type Desk } from '../desk/open-desk.ts'
import { ago, duration, iso, moment } from '../moments.ts'
import { NoAnswer } from '../hub/hub-problem.ts'
import { Output, type GlobalFlags } from '../output.ts'
import { survey, type Survey } from '../survey.ts'

interface StatusFlags extends GlobalFlags {
  readonly watch?: boolean
  readonly check?: boolean
}

export default (command: Command): void => {
  command
    .option('--watch', 'again every two seconds, until Ctrl-C')
    .option('--check', 'exit 3 when something needs attention')
    .action(async (_, self: Command) => {
      const flags = self.optsWithGlobals<StatusFlags>()
      const output = new Output(flags)
      const desk = await openDesk(flags, output)
      const once = async (): Promise<void> => {
        const seen = await survey(desk)
        show(output, desk, seen)
        if (flags.check) process.exitCode = seen.problems.length > 0 ? 3 : 0
      }
      if (!flags.watch) return once()
      const unread = new AbortController()
      // `keyturn status --watch | head` closes the pipe.
      process.stdout.once('error', () => unread.abort())
      while (!unread.signal.aborted) {
        if (process.stdout.isTTY && !flags.json) process.stdout.write('\u001b[2J\u001b[H')
        await once().catch((error: unknown) => {
          // A hub that is away comes back.
          if (!(error instanceof NoAnswer)) throw error
          output.warn(`${error.message}; trying again`)
        })
        await systemClock.sleep(2000)
      }
    })
}

function show(output: Output, desk: Desk, seen: Survey): void {
  output.document('status', documentOf(seen))
  if (output.json) return
  const { document } = seen
  const now = seen.now / 1000
  const healthy = seen.problems.length === 0
  output.line(
    `${output.paint('bold', document.ring)}  generation ${document.generation}  ${output.mark(healthy ? 'ok' : 'warn')} ${healthy ? 'healthy' : 'needs attention'}`,
  )
  output.line()
  const verified = verifiedByKid(seen)
  output.table(
    ['KEY', 'STATE', 'SIGNS', 'VERIFIES', 'VERIFIED', 'AGE', 'UNTIL'],
    document.keys.map(key => [
      key.kid,
      key.legacy ? `${key.state} (legacy)` : key.state,
      key.state === 'active' ? 'yes' : 'no',
      verifiesAt(key, now) ? 'yes' : 'no',
      String(verified.get(key.kid) ?? 0),
      key.createdAt === null ? 'unknown' : duration(now - (key.activatedAt ?? key.createdAt)),
      untilOf(key),
    ]),
  )
  output.line()
  showFleet(output, seen)
  output.line(`Rotation   ${dueText(seen, now)}`)
  const { audit } = document
  if (audit)
    output.line(
      `Last       ${audit.action} by ${audit.actor}, ${ago(Date.parse(audit.at) / 1000, now)}: ${audit.reason}`,
    )
  const undo = undoOf(document, now)
  if (undo !== undefined) output.line(`Undo       keyturn rollback   (back to ${undo})`)
  for (const { message } of seen.problems) output.line(`${output.mark('warn')} ${message}`)
  if (document.generation === 0)
    output.note(`set by hand: keyturn init lets Keyturn keep the record (${desk.name})`)
}

/** The key that a rollback would lead to now, if it would not be refused. */
function undoOf(document: RingDocument, now: number): string | undefined {
  try {
    return rollbackTarget(document, now).key.kid
  } catch {
    return undefined
  }
}

function showFleet(output: Output, { fleet, now }: Survey): void {
  if (fleet.instances.length === 0) {
    output.line('Instances  none')
    return
  }
  output.table(
    ['INSTANCE', 'GENERATION', 'STANDING', 'SEEN', 'CLOCK'],
    fleet.instances.map(({ instance, generation, standing, seenAt, clockOffsetSeconds }) => [
      instance,
      String(generation),
      standing,
      `${((now - Date.parse(seenAt)) / 1000).toFixed(0)} s ago`,
      `${clockOffsetSeconds.toFixed(1)} s`,
    ]),
  )
  output.line()
}

function untilOf(key: RingKey): string {
  if (key.state === 'retiring')
    return key.verifyUntil === undefined ? 'removed by hand' : moment(key.verifyUntil)
  if (key.state === 'suspended' && key.holdUntil !== undefined) return `${moment(key.holdUntil)} (rollback)`
  return ''
}

function dueText({ due }: Survey, now: number): string {
  if (due === null) return 'the age of the active key is not known: it was set by hand'
  return due <= now ? `overdue since ${moment(due)}` : `due ${moment(due)}, in ${duration(due - now)}`
}

/** Tokens verified by kid, over the lives of the instances that run. */
function verifiedByKid({ fleet }: Pick<Survey, 'fleet'>): ReadonlyMap<string, number> {
  const sums = new Map<string, number>()
  for (const { counters } of fleet.instances)
    for (const [kid, count] of Object.entries(counters.verified)) sums.set(kid, (sums.get(kid) ?? 0) + count)
  return sums
}

function documentOf(seen: Survey): Readonly<Record<string, unknown>> {
  const { document, edited } = seen
  const verified = verifiedByKid(seen)
  return {
    ring: document.ring,
    epoch: document.epoch,
    generation: document.generation,
    cutoff: document.cutoff,
    operation: document.operation && { ...document.operation, startedAt: iso(document.operation.startedAt) },
    keys: document.keys.map(key => ({
      kid: key.kid,
      state: key.state,
      createdAt: iso(key.createdAt),
      activatedAt: iso(key.activatedAt),
      verifyUntil: iso(key.verifyUntil),
      holdUntil: iso(key.holdUntil),
      alg: key.alg,
      aliases: key.aliases ?? [],
      legacy: key.legacy === true,
      verified: verified.get(key.kid) ?? 0,
    })),
    instances: seen.fleet.instances.map(({ instance, generation, seenAt, standing }) => ({
      id: instance,
      generation,
      seenAt,
      lost: standing === 'lost',
      standing,
    })),
    due: iso(seen.due),
    edited,
    problems: seen.problems,
  }
}
