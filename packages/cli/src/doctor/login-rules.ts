/** loginRules: "Users can't log in". Does every process hold what the store holds? */
import { sep } from 'node:path'
import { activeKey, findKey, type RingDocument } from 'keyturn/ring'
import type { InstanceView } from '../desk/fleet-view.ts'
import { kidToShow } from '../key-name.ts'
import { ago } from '../moments.ts'
import type { FixedProcess } from '../processes.ts'
import { activeIn } from '../secret-sources.ts'
import { error, ok, warning, type Item } from './diagnosis.ts'
import type { Evidence } from './evidence.ts'

export function loginRules(evidence: Evidence): readonly Item[] {
  const { ring, fleet, processes, now } = evidence
  const pids = new Set(fleet?.instances.map(each => each.process.pid))
  // A process with a lease is known better by it.
  const fixed = processes.filter(each => !pids.has(each.pid) && !isShell(each))
  const items = [
    ...(ring ? ofRing(evidence) : []),
    ...(ring && fleet ? fleet.instances.map(each => instanceItem(each, ring.document, now)) : []),
    ...fixed.flatMap(each => ofProcess(each, evidence)),
    ...ofStrangers(fixed.filter(each => isStranger(each, evidence))),
  ]
  // Only root sees what other users' processes hold.
  const whose = process.geteuid?.() === 0 ? '' : ' of yours'
  const isRunning = items.some(({ name }) => name === 'instance' || name === 'process')
  return isRunning
    ? items
    : [
        ...items,
        warning('instances', `no process${whose} that holds this secret was found`, 'start the application'),
      ]
}

function ofRing({ ring, sources }: Evidence): readonly Item[] {
  if (!ring) return []
  const { operation } = ring.document
  const items: Item[] = []
  if (ring.edited)
    items.push(
      warning(
        'restart',
        `${sources.file?.name} was edited by hand: running instances still hold generation ${ring.document.generation}`,
        'restart the application: the values in the file then win',
      ),
    )
  if (operation)
    items.push(
      warning(
        'rotation',
        `a ${operation.mode} rotation is not finished: ${operation.kid} is staged`,
        'keyturn rotate --resume, or --abort',
      ),
    )
  return items
}

/** What an instance with a lease proves that it holds. */
export function instanceItem(each: InstanceView, document: RingDocument, now: number): Item {
  const { instance, standing, generation, process, kids, startedAt, why } = each
  const who = `${instance} (pid ${process.pid}, started ${ago(Date.parse(startedAt) / 1000, now / 1000)})`
  const kid = kids.includes(activeKey(document).kid) ? `, key ${activeKey(document).kid}` : ''
  switch (standing) {
    case 'acknowledged':
      return ok('instance', `${who} holds generation ${generation}${kid}`)
    case 'dead':
    case 'fenced':
      return ok('instance', `${who} is gone; it cannot serve anybody`)
    default:
      return error('instance', `${who}: ${why ?? standing}`, remedyOf(standing))
  }
}

function remedyOf(standing: string): string {
  switch (standing) {
    case 'clock':
      return 'set the clock: timedatectl set-ntp true'
    case 'lost':
      return 'bring it back, or keyturn fleet forget'
    default:
      return 'see its log; a restart loads the newest ring'
  }
}

/** A process whose environment was fixed when it started. */
function ofProcess(each: FixedProcess, evidence: Evidence): readonly Item[] {
  const { ring, now, target, changedAt } = evidence
  // It takes its ring from a file; the variable beside it counts for nothing.
  if (each.isLive || isOfAnotherRing(each, evidence) || isStranger(each, evidence)) return []
  const current = activeKidOf(evidence)
  const who = `pid ${each.pid} (${each.command}, started ${ago(each.startedAt / 1000, now / 1000)})`
  const generation = each.generation === undefined ? '' : `, generation ${each.generation}`
  const held = `${who} holds ${each.kid === undefined ? 'a weak secret' : `key ${each.kid}`}${generation}`
  if (each.kid !== undefined && each.kid === current) return [ok('process', held)]
  const state = ring && each.kid !== undefined && findKey(ring.document, each.kid)?.state
  const isOlder = changedAt !== undefined && each.startedAt < changedAt
  const when = isOlder ? ', and started before the last change' : ''
  const restart = target.settings?.afterChange ?? 'restart it with the new environment'
  if (state === 'retiring' || state === 'staged')
    return [warning('process', `${held}, which is ${state}${when}`, restart)]
  if (state) return [error('process', `${held}, which is ${state}${when}`, restart)]
  return [error('process', `${held}, which this ring does not know${when}`, restart)]
}

function activeKidOf({ ring, sources }: Evidence): string | undefined {
  const active = sources.file && activeIn(sources.file)
  const found = active ?? (sources.used && activeIn(sources.used))
  return found ? kidToShow(found.text) : ring && activeKey(ring.document).kid
}

const isOfAnotherRing = (each: FixedProcess, { ring }: Evidence): boolean =>
  each.ring !== undefined && ring !== undefined && each.ring !== ring.document.ring

/** Other applications on this machine use the same name for their variable. */
function isStranger(each: FixedProcess, evidence: Evidence): boolean {
  const { ring, target } = evidence
  if (each.isLive || isOfAnotherRing(each, evidence) || isNear(each, target.file.path)) return false
  if (each.kid === undefined) return true
  return each.kid !== activeKidOf(evidence) && !(ring && findKey(ring.document, each.kid))
}

function ofStrangers(strangers: readonly FixedProcess[]): readonly Item[] {
  if (strangers.length === 0) return []
  const shown = strangers.slice(0, 5).map(({ pid, command }) => `${pid} (${command})`)
  const more = strangers.length > shown.length ? ` and ${strangers.length - shown.length} more` : ''
  return [
    warning(
      'others',
      `keys that this ring does not know are held by ${shown.join(', ')}${more}`,
      'restart what is yours among them with the new environment',
    ),
  ]
}

/** Whether it runs in the folder of the file, or in this one. */
const isNear = ({ folder }: FixedProcess, path: string): boolean =>
  // Daemons sit in / or /srv, which says nothing.
  folder !== undefined &&
  folder.split(sep).length > 2 &&
  (path.startsWith(folder + sep) || isWithin(folder, process.cwd()))

const isWithin = (folder: string, parent: string): boolean =>
  folder === parent || folder.startsWith(parent + sep)

/** They hand the variable on and sign nothing. */
const isShell = ({ command }: FixedProcess): boolean =>
  /^(ba|z|da|k|fi)?sh$|^(npm|npx|sudo|env|timeout|tini|tmux|screen)\b/.test(command)
