/** tokenRules: "Token validation errors". */
import { clockOffset } from 'keyturn/rotation'
import { activeIn } from '../secret-sources.ts'
import { error, ok, warning, type Item } from './diagnosis.ts'
import type { Evidence } from './evidence.ts'

export function tokenRules(evidence: Evidence): readonly Item[] {
  return [...ofAgreement(evidence), ...ofEncoding(evidence), ...ofAlgorithm(evidence), ...ofClocks(evidence)]
}

/** The secret has to be the same in all instances. */
function ofAgreement({ fleet, ring }: Evidence): readonly Item[] {
  if (!fleet || !ring || fleet.instances.length === 0) return []
  const counting = fleet.instances.filter(({ standing }) => standing !== 'dead' && standing !== 'fenced')
  const { missing } = fleet
  if (missing.length === 0)
    return [
      ok('instances', `${counting.length} of ${counting.length} hold generation ${ring.document.generation}`),
    ]
  const who = missing.map(({ lease }) => lease.instance).join(', ')
  return [
    error(
      'instances',
      `${counting.length - missing.length} of ${counting.length} hold generation ${ring.document.generation}; behind: ${who}`,
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

function ofAlgorithm({ ring, target }: Evidence): readonly Item[] {
  const wanted = target.settings?.algorithm ?? 'HS256'
  const found = new Set(
    ring?.document.keys.filter(({ state }) => state !== 'compromised').map(({ alg }) => alg),
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
const worthSaying = 5_000

function ofClocks({ fleet }: Evidence): readonly Item[] {
  if (!fleet || fleet.instances.length === 0) return []
  const off = fleet.instances
    .filter(({ standing }) => standing !== 'dead' && standing !== 'fenced')
    .map(({ lease, standing }) => ({ name: lease.instance, offset: clockOffset(lease), standing }))
  const bad = off.filter(({ offset }) => Math.abs(offset) > worthSaying)
  const seconds = (offset: number): string => `${(offset / 1000).toFixed(1)} s`
  if (bad.length === 0) {
    const most = Math.max(0, ...off.map(({ offset }) => Math.abs(offset)))
    return [ok('clocks', `at most ${seconds(most)} off`)]
  }
  return bad.map(({ name, offset, standing }) =>
    (standing === 'clock' ? error : warning)(
      'clocks',
      `${name} is ${seconds(offset)} off`,
      'set the clock: timedatectl set-ntp true',
    ),
  )
}
