/** diagnoseHub: what doctor can tell of a ring that a hub keeps, under the same headings. */
import { KeyturnError } from 'keyturn'
import { deskOf } from '../desk/open-desk.ts'
import type { RingDesk } from '../desk/ring-desk.ts'
import { accessFor, clientFor } from '../hub/access.ts'
import type { Whoami } from '../hub/hub-answers.ts'
import type { Output } from '../output.ts'
import { survey, type Survey } from '../survey.ts'
import type { HubTarget } from '../target.ts'
import { error, ok, warning, type Item, type Section } from './diagnosis.ts'
import { instanceItem } from './login-rules.ts'
import { nodeRules } from './surroundings.ts'
import { agreementRules, algorithmRules, clockRules } from './token-rules.ts'

export async function diagnoseHub(target: HubTarget, output: Output): Promise<readonly Section[]> {
  const access = await ofAccess(target)
  const { items, seen, desk } = access.some(({ standing }) => standing === 'error')
    ? { items: [] }
    : await ofRing(target, output)
  return [
    { heading: "Application won't start", items: [...access, ...items] },
    { heading: "Users can't log in", items: seen ? ofInstances(seen) : [] },
    {
      heading: 'Token validation errors',
      items: seen
        ? [
            ...agreementRules(seen.fleet),
            ...algorithmRules(seen.document, desk?.settings?.algorithm),
            ...clockRules(seen.fleet),
          ]
        : [],
    },
    { heading: 'Surroundings', items: nodeRules() },
  ]
}

async function ofAccess({ url }: HubTarget): Promise<readonly Item[]> {
  try {
    const from = accessFor(url)?.from ?? 'nowhere'
    const began = performance.now()
    const { name, role, scopes, expiresAt } = await clientFor(url).get<Whoami>(['whoami'])
    const took = Math.round(performance.now() - began)
    const rights = role ?? scopes?.join(', ') ?? 'no rights'
    const until = expiresAt ? `, until ${expiresAt}` : ''
    return [
      ok('hub', `${url} answers in ${took} ms`),
      ok('access', `${name} (${rights}), from ${from}${until}`),
    ]
  } catch (problem) {
    if (!(problem instanceof KeyturnError)) throw problem
    return [error('hub', problem.message, problem.fix)]
  }
}

async function ofRing(
  target: HubTarget,
  output: Output,
): Promise<{ readonly items: readonly Item[]; readonly seen?: Survey; readonly desk?: RingDesk }> {
  try {
    const desk = await deskOf(target, output)
    const seen = await survey(desk)
    const { ring, generation, epoch } = seen.document
    const items: Item[] = [ok('ring', `${ring}, epoch ${epoch}, generation ${generation}`)]
    for (const { problem, message } of seen.problems)
      if (problem !== 'instance') items.push(warning(problem, message, 'see keyturn status'))
    return { items, seen, desk }
  } catch (problem) {
    if (!(problem instanceof KeyturnError)) throw problem
    return { items: [error('ring', problem.message, problem.fix)] }
  }
}

const ofInstances = ({ fleet, document, now }: Survey): readonly Item[] =>
  fleet.instances.length === 0
    ? [
        warning(
          'instances',
          'no instance holds this ring',
          'start the application with KEYTURN_URL, KEYTURN_RING and KEYTURN_TOKEN',
        ),
      ]
    : fleet.instances.map(each => instanceItem(each, document, now))
