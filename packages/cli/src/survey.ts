/** survey: a ring, its fleet, and what needs attention. */
import { dueKeys, isPast, type RingDocument } from 'keyturn/ring'
import type { RingDesk, RingLook } from './desk/ring-desk.ts'
import { duration, moment } from './moments.ts'
import { activeSince, dueAt } from './schedule.ts'

/** Something that makes `status --check` exit 3. */
export interface Problem {
  readonly problem: string
  readonly message: string
}

export interface Survey extends RingLook {
  /** Epoch seconds. */
  readonly due: number | null
  readonly problems: readonly Problem[]
}

/** A live process erases what is due within seconds; after this long none does. */
const erasureSeconds = 10

export async function survey(desk: RingDesk): Promise<Survey> {
  const look = await desk.look()
  const due = dueAt(desk, look.document)
  return { ...look, due, problems: problemsOf(look, due) }
}

function problemsOf(look: RingLook, due: number | null): readonly Problem[] {
  const { document } = look
  const seconds = look.now / 1000
  const problems: Problem[] = []
  const add = (problem: string, message: string): void => void problems.push({ problem, message })

  if (look.edited) add('edited', 'edited by hand: restart pending, at the next start the values win')
  if (look.halted !== null) add('halted', `changes are halted: ${look.halted}`)
  if (due !== null && due <= seconds) {
    const since = activeSince(document) ?? 0
    add(
      'rotation-overdue',
      `rotation overdue since ${moment(due)}: the active key is ${duration(seconds - since)} old`,
    )
  }
  const overdue = dueKeys(document, seconds).filter(key => isLongPast(key, seconds))
  if (document.generation > 0 && overdue.length > 0)
    add('erasure-overdue', `erasure overdue: ${overdue.map(key => key.kid).join(', ')}`)
  if (document.operation) {
    const { mode, startedAt } = document.operation
    add(
      'unfinished',
      `an unfinished ${mode} operation since ${moment(startedAt)}: keyturn rotate --resume or --abort`,
    )
  }
  for (const { why } of look.fleet.missing) add('instance', why)
  if (look.weak) add('weak-secret', 'the active secret is weak: keyturn check')
  return problems
}

const isLongPast = (key: RingDocument['keys'][number], now: number): boolean =>
  isPast(key.state === 'retiring' ? key.verifyUntil : key.holdUntil, now - erasureSeconds)
