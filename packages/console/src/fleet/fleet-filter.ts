/** filterFleet, standings, countStandings, isBehind: which instances are shown. */
import type { InstanceView, Standing } from '../api/answers.ts'
import { isCounting } from './is-counting.ts'

/** What needs somebody comes first. */
export const standings: readonly Standing[] = [
  'refused',
  'clock',
  'lost',
  'behind',
  'acknowledged',
  'fenced',
  'dead',
]

/** Much faster than to compare by locale each time. */
const byName = new Intl.Collator(undefined, { numeric: true })

export interface FleetFilter {
  /** A standing, or `missing`: all that keep a gate shut. */
  readonly show?: string | undefined
  /** Part of a name, a host or a kid. */
  readonly text?: string | undefined
}

type Filtered = Pick<InstanceView, 'instance' | 'standing' | 'kids'> & {
  readonly process: Pick<InstanceView['process'], 'host'>
}

export function filterFleet<Item extends Filtered>(
  instances: readonly Item[],
  { show, text = '' }: FleetFilter,
): readonly Item[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return instances
    .filter(each => isShown(each.standing, show))
    .filter(({ instance, process, kids }) => {
      const told = [instance, process.host, ...kids].join(' ').toLowerCase()
      return words.every(word => told.includes(word))
    })
    .sort(
      (a, b) =>
        standings.indexOf(a.standing) - standings.indexOf(b.standing) ||
        byName.compare(a.instance, b.instance),
    )
}

const isShown = (standing: Standing, show: string | undefined): boolean => {
  if (show === undefined) return true
  return show === 'missing' ? isBehind(standing) : standing === show
}

/** Keeps a gate shut. */
export const isBehind = (standing: Standing): boolean => standing !== 'acknowledged' && isCounting(standing)

export function countStandings(
  instances: readonly Pick<InstanceView, 'standing'>[],
): Readonly<Record<Standing, number>> {
  const counts = { acknowledged: 0, behind: 0, refused: 0, clock: 0, lost: 0, fenced: 0, dead: 0 }
  for (const { standing } of instances) counts[standing] += 1
  return counts
}
