/** survey: a ring, its fleet, and what needs attention. */
import { checkSecret } from 'keyturn'
import { systemClock } from 'keyturn/ports'
import { dueKeys, isPast, type RingDocument } from 'keyturn/ring'
import { fleetOf, readRing, whyMissing, type Fleet } from 'keyturn/rotation'
import type { Ring } from 'keyturn/ports'
import { duration, moment } from './moments.ts'
import { activeSince, dueAt } from './schedule.ts'
import type { Target } from './target.ts'

/** Something that makes `status --check` exit 3. */
export interface Problem {
  readonly problem: string
  readonly message: string
}

export interface Survey {
  readonly ring: Ring
  readonly fleet: Fleet
  /** Epoch milliseconds. */
  readonly now: number
  /** Epoch seconds. */
  readonly due: number | null
  readonly problems: readonly Problem[]
}

/** A live process erases what is due within seconds; after this long none does. */
const erasureSeconds = 10

export async function survey(target: Target): Promise<Survey> {
  const { store, leases } = target.file
  const ring = await readRing(store)
  const now = systemClock.now()
  const fleet = await fleetOf(ring, leases, now)
  const due = dueAt(target, ring.document)
  return { ring, fleet, now, due, problems: problemsOf(ring, fleet, now, due) }
}

function problemsOf(ring: Ring, fleet: Fleet, now: number, due: number | null): readonly Problem[] {
  const { document } = ring
  const seconds = now / 1000
  const problems: Problem[] = []
  const add = (problem: string, message: string): void => void problems.push({ problem, message })

  if (ring.edited) add('edited', 'edited by hand: restart pending, at the next start the values win')
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
  for (const each of fleet.missing) add('instance', whyMissing(each, now))
  const secret = ring.secrets.get(document.keys.find(key => key.state === 'active')?.kid ?? '')
  if (secret && !checkSecret(secret.reveal()).ok)
    add('weak-secret', 'the active secret is weak: keyturn check')
  return problems
}

const isLongPast = (key: RingDocument['keys'][number], now: number): boolean =>
  isPast(key.state === 'retiring' ? key.verifyUntil : key.holdUntil, now - erasureSeconds)
