/** accessHubs: everything about who may do what, over one empty database. Gone when the test ends. */
import { expect } from 'vitest'
import { AccessTokens } from '../src/access/access-tokens.ts'
import { HubEvents } from '../src/access/events.ts'
import { Operators } from '../src/access/operators.ts'
import { Passwords } from '../src/access/password.ts'
import type { Role } from '../src/access/scopes.ts'
import { Sessions } from '../src/access/sessions.ts'
import { SetupLinks } from '../src/access/setup-links.ts'
import type { Database } from '../src/database/open-database.ts'
import { temporaryReplicas } from './temporary-database.ts'

/** What one replica of the hub has of it. */
export type AccessHub = ReturnType<typeof accessOn>

export const rightPassword = 'grau-Lampe-7-Birne'
export const wrongPassword = 'grau-Lampe-8-Birne'
export const otherPassword = 'blau-Tasche-3-Wolke'

function accessOn(database: Database) {
  const events = new HubEvents(database)
  const passwords = new Passwords()
  return {
    database,
    events,
    passwords,
    operators: new Operators(database, events, passwords),
    sessions: new Sessions(database),
    links: new SetupLinks(database, events, passwords),
    tokens: new AccessTokens(database, events),
  }
}

/** Two replicas over one database. */
export async function accessHubs(kind: Database['kind']): Promise<readonly [AccessHub, AccessHub]> {
  const [one, other] = (await temporaryReplicas(kind, 2)).map(accessOn)
  if (!one || !other) throw new Error('no database')
  return [one, other]
}

export const accessHub = async (kind: Database['kind']): Promise<AccessHub> => (await accessHubs(kind))[0]

/** An operator who has used the set-up link. */
export async function enrol({ operators, links }: AccessHub, name: string, role: Role): Promise<void> {
  await operators.create(name, role, 'test')
  const secret = await links.create({ operator: name })
  const redemption = { secret, name, password: rightPassword, address: '192.0.2.1' }
  await links.redeem(redemption, async () => undefined)
}

/** A login at the console. */
export const login = (
  { operators, sessions }: AccessHub,
  name: string,
  password: string,
  address = '192.0.2.1',
) =>
  operators.login({ name, password, address }, async (connection, operator) => ({
    ...operator,
    session: await sessions.create(operator.name, connection),
  }))

/** The code of the error, `let in` without one. */
export const codeOf = (promise: Promise<unknown>): Promise<string | undefined> =>
  promise.then(
    () => 'let in',
    (error: unknown) => (error as { code?: string }).code,
  )

/** An error with that code. */
export const ofCode = (code: string): unknown => expect.objectContaining({ code })
