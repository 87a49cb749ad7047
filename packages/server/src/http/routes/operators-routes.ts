/** Routes of operators. */
import { z } from 'zod'
import { actorOf } from '../../access/principal.ts'
import { roles } from '../../access/scopes.ts'
import { setupPath } from '../../access/setup-links.ts'
import { callerOf, type Route } from '../route.ts'
import * as schemas from '../schemas.ts'

const name = z.string().min(1).max(100)
const role = z.enum(roles)
export const newOperator = z.strictObject({ name, role })
export const newRole = z.strictObject({ role })
const params = z.object({ name })
const time = z.string().describe('ISO 8601, UTC')
export const operatorView = z.object({
  name: z.string(),
  role,
  ready: z.boolean().describe('whether the set-up link was used'),
  lockedUntil: time.nullable(),
  createdAt: time,
})
export const operatorList = z.object({ operators: z.array(operatorView) })
export const invitation = z.object({
  name: z.string(),
  role,
  link: z.string().describe('path and fragment of the one-time link, shown once'),
})

/** Milliseconds: the invited person is not always at the screen. */
const inviteLife = 24 * 3_600_000

export const operatorsRoutes: readonly Route[] = [
  {
    method: 'GET',
    url: '/v1/operators',
    access: 'admin',
    summary: 'The operators of the hub',
    answers: { 200: operatorList },
    handle: async ({ hub }) => ({
      operators: (await hub.operators.list()).map(each => ({
        name: each.name,
        role: each.role,
        ready: each.hasPassword,
        lockedUntil: each.lockedUntil === null ? null : new Date(each.lockedUntil).toISOString(),
        createdAt: new Date(each.createdAt).toISOString(),
      })),
    }),
  },
  {
    method: 'POST',
    url: '/v1/operators',
    access: 'admin',
    summary: 'A new operator, who sets a password with the link within a day',
    body: newOperator,
    answers: { 201: invitation },
    idempotent: true,
    handle: async call => {
      const { hub, body } = call
      const { name, role } = body as z.infer<typeof newOperator>
      const operator = await hub.operators.create(name, role, actorOf(callerOf(call)))
      const secret = await hub.links.create({ operator: operator.name, lifetime: inviteLife })
      return { ...operator, link: setupPath(secret, operator.name) }
    },
  },
  {
    method: 'PATCH',
    url: '/v1/operators/:name',
    access: 'admin',
    summary: "Change an operator's role; logins at command lines end",
    params,
    body: newRole,
    answers: { 200: newOperator },
    handle: async call => {
      const { role } = call.body as z.infer<typeof newRole>
      const name = call.params['name'] ?? ''
      await call.hub.operators.setRole(name, role, actorOf(callerOf(call)))
      await call.hub.tokens.catchUp()
      return { name, role }
    },
  },
  {
    method: 'DELETE',
    url: '/v1/operators/:name',
    access: 'admin',
    summary: 'Remove an operator: sessions and logins end, tokens made for programs stay',
    params,
    answers: { 204: schemas.nothing },
    handle: async call => {
      await call.hub.operators.remove(call.params['name'] ?? '', actorOf(callerOf(call)))
      await call.hub.tokens.catchUp()
      return call.reply.code(204).send()
    },
  },
]
