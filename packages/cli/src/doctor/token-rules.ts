/** tokenRules: "Token validation errors". */
import type { RingDocument } from 'keyturn/ring'
import { isCounting, type FleetView } from '../desk/fleet-view.ts'
import { activeIn } from '../secret-sources.ts'
import { error, ok, warning, type Item } from './diagnosis.ts'
import type { Evidence } from './evidence.ts'

export function tokenRules(evidence: Evidence): readonly Item[] {
  const { fleet, ring, target } = evidence
  return [
    ...(fleet && ring ? agreementRules(fleet) : []),
    ...ofEncoding(evidence),
    ...algorithmRules(ring?.document, target.settings?.algorithm),
    ...(fleet ? clockRules(fleet) : []),
  ]
}

/** The secret has to be the same in all instances. */
export function agreementRules(fleet: FleetView): readonly Item[] {
  if (fleet.instances.length === 0) return []
  const { generation, missing } = fleet
  const counting = fleet.instances.filter(isCounting).length
  if (missing.length === 0)
    return [ok('instances', `${counting} of ${counting} hold generation ${generation}`)]
  const who = missing.map(({ instance }) => instance).join(', ')
  return [
    error(
      'instances',
      `${counting - missing.length} of ${counting} hold generation ${generation}; behind: ${who}`,
      'tokens of one instance may be refused by another: keyturn fleet list',
    ),
  ]
}

/** The key is the text itself; a service that decodes it first has another key. */
function ofEncoding({ sources }: Evidence): readonly Item[] {
  const active = sources.used && activeIn(sources.used)
  if (!active) return []
  const { text, variable } = active
  const decoded = /^[\w+/-]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : undefined
  if (decoded && decoded.length >= 16 && decoded.every(byte => byte >= 0x20 && byte <= 0x7e))
    return [
      warning(
        'encoding',
        `${variable} is base64 of readable text: the key is the ${text.length} characters as they stand, not that text`,
        'see that every service takes it as text; then replace it with the output of keyturn generate',
      ),
    ]
  const size =
    decoded && [32, 48, 64].includes(decoded.length)
      ? `, not the ${decoded.length} that base64 would give`
      : ''
  return [
    ok(
      'encoding',
      `the key is the ${Buffer.byteLength(text)} bytes of the text itself${size}: let no service decode it`,
    ),
  ]
}

export function algorithmRules(document: RingDocument | undefined, wanted = 'HS256'): readonly Item[] {
  const found = new Set<string>(
    document?.keys.filter(({ state }) => state !== 'compromised').map(({ alg }) => alg),
  )
  if (found.size === 0 || (found.size === 1 && found.has(wanted)))
    return [ok('algorithm', `${wanted}, fixed by the key and never by the token`)]
  return [
    warning(
      'algorithm',
      `keys of the ring are for ${[...found].sort((one, other) => one.localeCompare(other)).join(' and ')}; ${wanted} is expected`,
      'see that every service allows them; the next rotation keeps the algorithm of the active key',
    ),
  ]
}

/** Beyond 30 s an instance keeps the gate shut; beyond the tolerance tokens are not valid yet. */
const worthSaying = 5

export function clockRules(fleet: FleetView): readonly Item[] {
  if (fleet.instances.length === 0) return []
  const off = fleet.instances
    .filter(isCounting)
    .map(({ instance, clockOffsetSeconds, standing }) => ({ instance, offset: clockOffsetSeconds, standing }))
  const bad = off.filter(({ offset }) => Math.abs(offset) > worthSaying)
  if (bad.length === 0) {
    const most = Math.max(0, ...off.map(({ offset }) => Math.abs(offset)))
    return [ok('clocks', `at most ${most.toFixed(1)} s off`)]
  }
  return bad.map(({ instance, offset, standing }) =>
    (standing === 'clock' ? error : warning)(
      'clocks',
      `${instance} is ${offset.toFixed(1)} s off`,
      'set the clock: timedatectl set-ntp true',
    ),
  )
}
