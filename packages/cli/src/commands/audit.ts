/** keyturn audit: list, show, verify. */
import type { Command } from 'commander'
import { KeyturnError } from 'keyturn'
import { hashOf, systemClock, type AuditNote } from 'keyturn/ports'
import type { AuditEntry, RingDocument } from 'keyturn/ring'
import { openDesk, type Desk } from '../desk/open-desk.ts'
import { Output, type GlobalFlags } from '../output.ts'
import { usageError } from '../usage.ts'

interface AuditFlags extends GlobalFlags {
  readonly limit?: string
}

export default (command: Command): void => {
  command.action(() => command.help({ error: true }))
  command
    .command('list')
    .description('every change: when, what, who, why')
    .option('--limit <n>', 'only the newest')
    .action(async (_, self: Command) => {
      const flags = self.optsWithGlobals<AuditFlags>()
      const output = new Output(flags)
      const { entries } = await look(await openDesk(flags, output))
      const limit = flags.limit === undefined ? entries.length : Number(flags.limit)
      if (!Number.isSafeInteger(limit) || limit < 1) throw usageError('--limit is a whole number above zero')
      const shown = entries.slice(-limit)
      if (shown.length === 0) output.note('the trail is empty')
      else
        output.table(
          ['GENERATION', 'AT', 'ACTION', 'ACTOR', 'CAUSE', 'REASON'],
          shown.map(each => [
            String(each.generation),
            each.at,
            each.action,
            each.actor,
            each.cause ?? '',
            each.reason,
          ]),
        )
      output.document('audit', { entries: shown })
    })
  command
    .command('show <generation>')
    .description('one change')
    .action(async (generation: string, _, self: Command) => {
      const flags = self.optsWithGlobals<AuditFlags>()
      const output = new Output(flags)
      const { entries } = await look(await openDesk(flags, output))
      const entry = entries.findLast(each => String(each.generation) === generation)
      if (!entry)
        throw new KeyturnError('ERR_RING_KEY_NOT_FOUND', `the trail has no generation ${generation}`)
      for (const [name, value] of Object.entries(entry))
        if (name !== 'keys') output.line(`${name.padEnd(12)}${String(value)}`)
      for (const [kid, from, to] of entry.keys) output.line(`  ${kid}  ${from} → ${to}`)
      output.document('audit-entry', { entry, hash: hashOf(entry) })
    })
  command
    .command('verify')
    .description('form, order and hash chain of the trail, and that it ends where the ring is')
    .action(async (_, self: Command) => {
      const flags = self.optsWithGlobals<AuditFlags>()
      const output = new Output(flags)
      const desk = await openDesk(flags, output)
      const { entries, notes, isOpen } = await look(desk)
      const broken = notes.filter(note => note.severity === 'broken')
      for (const { line, message } of notes.filter(note => note.severity === 'note'))
        output.note(`note: line ${line} ${message}`)
      if (isOpen)
        output.note(
          'note: the newest change is in the ring and not yet in the file; the next change appends it',
        )
      output.document('audit-verify', {
        ok: broken.length === 0,
        entries: entries.length,
        open: isOpen,
        notes,
      })
      if (broken.length > 0) {
        for (const { line, message } of broken) output.line(`${output.mark('fail')} line ${line} ${message}`)
        throw new KeyturnError(
          'ERR_AUDIT_BROKEN',
          `${desk.trailName}: ${broken.length} fault${broken.length === 1 ? '' : 's'}`,
        )
      }
      output.line(`${output.mark('ok')} ${entries.length} entries, chain intact, the ring is at the newest`)
      output.note('a trail cut short at its end shows only against a copy kept elsewhere')
    })
}

interface Look {
  /** With the open last one, which is in the ring only. */
  readonly entries: readonly AuditEntry[]
  readonly notes: readonly AuditNote[]
  readonly isOpen: boolean
}

const mostLooks = 5

async function look(desk: Desk): Promise<Look> {
  for (let looks = 1; ; looks += 1) {
    const trail = await desk.trail()
    const document = (await desk.record())?.document
    const last = trail.entries.at(-1)
    const newest = document?.audit ?? undefined
    if (!newest || !document) return { ...trail, isOpen: false }
    const isOpen = last === undefined ? newest.generation === 1 : isNext(last, newest)
    const entries = isOpen ? [...trail.entries, newest] : trail.entries
    if (isOpen || (last && hashOf(last) === hashOf(newest))) return { entries, notes: trail.notes, isOpen }
    // A change between the two reads looks like a gap; a gap stays.
    if (looks === mostLooks)
      return { entries, notes: [...trail.notes, mismatch(trail.entries.length, last, document)], isOpen }
    await systemClock.sleep(50)
  }
}

const isNext = (last: AuditEntry, newest: AuditEntry): boolean => newest.prev === hashOf(last)

const mismatch = (line: number, last: AuditEntry | undefined, document: RingDocument): AuditNote => ({
  severity: 'broken',
  line,
  message: last
    ? `is generation ${last.generation}, and does not lead to the ring's generation ${document.generation}`
    : `is missing: the trail is empty, the ring is at generation ${document.generation}`,
})
