/** startRules: "Application won't start". */
import { checkSecret, kidOf, type KeyturnError } from 'keyturn'
import { findKey } from 'keyturn/ring'
import { keyName } from '../key-name.ts'
import { activeIn, type SecretSource, type Sources } from '../secret-sources.ts'
import { shownPath } from '../shown-path.ts'
import { error, ok, orFine, warning, type Item } from './diagnosis.ts'
import type { Evidence } from './evidence.ts'
import { nearMisses } from './near-miss.ts'
import { valueTraps } from './value-traps.ts'

export function startRules(evidence: Evidence): readonly Item[] {
  const { sources, target } = evidence
  const { used } = sources
  return [
    ...ofSource(evidence),
    ...orFine(nearMisses(sources, target.file.names), 'names', 'no variable is named almost right'),
    ...(used ? ofStrength(used) : []),
    ...(used ? orFine(valueTraps(sources), 'value', 'whole, once, and the same for every reader') : []),
    ...ofRing(evidence),
  ]
}

function ofSource({ sources, target }: Evidence): readonly Item[] {
  const { environment, file, used, isFileNamed } = sources
  const { active } = target.file.names
  if (environment.problem) return [ofProblem(environment.problem)]
  if (!used) {
    const where = file ? `not in ${file.name}` : `there is no ${target.file.name}`
    const also = isFileNamed ? '' : 'not in the environment, and '
    return [error('source', `${active} is not set: ${also}${where}`, remedyOf(sources, target.file.name))]
  }
  const found = activeIn(used)
  const from = found?.file !== undefined && used.kind === 'environment' ? `the file ${found.file}` : used.name
  const [one, other] = [activeIn(environment), file && activeIn(file)]
  if (!one || !other || one.text === other.text) return [ok('source', `${active} comes from ${from}`)]
  const loser = used.kind === 'file' ? 'the environment' : file?.name
  return [
    warning(
      'source',
      `${active} comes from ${from}; ${loser} holds another one: ${keyName(one.text)} in the environment, ${keyName(other.text)} in ${file?.name}`,
      used.kind === 'file' ? `unset ${active}` : `unset ${active}, or set KEYTURN_ENV_FILE=${file?.name}`,
    ),
  ]
}

const remedyOf = ({ file }: Sources, path: string): string =>
  `keyturn generate --write ${file?.name ?? shownPath(path)}`

const ofProblem = ({ message, fix }: KeyturnError): Item => error('source', message, fix)

/** Every secret that signs or verifies stops the start when it is weak. */
function ofStrength({ secrets }: SecretSource): readonly Item[] {
  const judged = secrets.filter(({ role }) => role !== 'suspended' && role !== 'legacy')
  const items = judged.flatMap(({ text, variable }) =>
    checkSecret(text, { variable }).findings.map(({ severity, message, remedy }) =>
      (severity === 'error' ? error : warning)('strength', message, remedy),
    ),
  )
  const lengths = [...new Set(judged.map(({ text }) => text.length))].join(', ')
  return orFine(items, 'strength', `${lengths} characters, no weak pattern`)
}

function ofRing({ ring, ringError, sources, target }: Evidence): readonly Item[] {
  const { file } = target
  if (ringError) return [error('ring', ringError.message, ringError.fix)]
  if (!ring || !sources.file) return []
  const active = activeIn(sources.file)
  const key = active && findKey(ring.document, kidOf(active.text))
  if (key?.state === 'compromised')
    return [
      error(
        'ring',
        `${file.names.active} in ${sources.file.name} is the key ${key.kid}, which is compromised and never comes back`,
        'put the present value back, or keyturn generate a new one',
      ),
    ]
  try {
    file.assertLive()
  } catch (mount) {
    const { message, fix } = mount as KeyturnError
    return [error('mount', message, fix)]
  }
  const { ring: name, generation } = ring.document
  const record = generation === 0 ? 'set by hand, generation 0' : `generation ${generation}`
  return [ok('ring', `${name} in ${sources.file.name}, ${record}`)]
}
