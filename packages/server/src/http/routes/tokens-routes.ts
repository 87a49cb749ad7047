/** Routes of access tokens. */
import { z } from 'zod'
import type { TokenView } from '../../access/access-tokens.ts'
import { actorOf, type Principal } from '../../access/principal.ts'
import { allows, assertAllowed } from '../../access/scopes.ts'
import type { CreatedToken } from '../../access/token-rows.ts'
import type { Hub } from '../../hub.ts'
import { callerOf, type Route } from '../route.ts'
import * as schemas from '../schemas.ts'

const scopes = z.array(z.string().max(200)).min(1).max(32)
const time = z.string().describe('ISO 8601, UTC')

export const newToken = z.strictObject({
  name: z.string().min(1).max(64),
  scopes: scopes.describe('read, operate, admin, instance:APPLICATION/ENVIRONMENT'),
  expiresIn: z.int().min(60).max(34_560_000).optional().describe('seconds; 90 days if absent'),
})

export const createdToken = z.object({
  token: z.string().describe('shown once'),
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.string()),
  expiresAt: time,
})

export const tokenView = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.string()),
  createdBy: z.string(),
  login: z.boolean().describe('of an operator at a command line'),
  createdAt: time,
  expiresAt: time,
  revokedAt: time.nullable(),
  lastUsedAt: time.nullable(),
  addresses: z.array(z.object({ address: z.string(), firstAt: time, lastAt: time })),
})

export const tokenList = z.object({ tokens: z.array(tokenView) })

export const tokensRoutes: readonly Route[] = [
  {
    method: 'GET',
    url: '/v1/tokens',
    access: 'admin',
    summary: 'Access tokens, and from where they were used; those that ended within 30 days among them',
    answers: { 200: tokenList },
    handle: async ({ hub }) => ({ tokens: (await hub.tokens.list()).map(shown) }),
  },
  {
    method: 'POST',
    url: '/v1/tokens',
    access: 'admin',
    summary: 'A new access token for a program or for instances',
    body: newToken,
    answers: { 201: createdToken },
    idempotent: true,
    handle: async call => {
      const { name, scopes, expiresIn } = call.body as z.infer<typeof newToken>
      const created = await call.hub.tokens.create({
        name,
        scopes,
        ...(expiresIn !== undefined && { expiresIn }),
        createdBy: actorOf(callerOf(call)),
      })
      return shownOnce(created)
    },
  },
  {
    method: 'DELETE',
    url: '/v1/tokens/:id',
    access: 'any',
    summary: 'Revoke an access token: admins any, everybody their own',
    params: z.object({ id: z.string().max(64) }),
    answers: { 204: schemas.nothing },
    handle: async call => {
      const { hub, reply, params } = call
      const caller = callerOf(call)
      const id = params['id'] ?? ''
      if (!(await isOwn(hub, caller, id))) assertAllowed(caller, 'admin')
      await hub.tokens.revoke(id, actorOf(caller))
      return reply.code(204).send()
    },
  },
]

/** The token itself, or a login of the operator at a command line. */
async function isOwn(hub: Hub, caller: Principal, id: string): Promise<boolean> {
  if (caller.kind === 'token') return caller.id === id
  return allows(caller, 'admin') || hub.tokens.isLoginOf(id, caller.name)
}

export const shownOnce = ({ expiresAt, ...created }: CreatedToken): z.infer<typeof createdToken> => ({
  ...created,
  scopes: [...created.scopes],
  expiresAt: iso(expiresAt),
})

const shown = (token: TokenView): z.infer<typeof tokenView> => ({
  id: token.id,
  name: token.name,
  scopes: [...token.scopes],
  createdBy: token.createdBy,
  login: token.isLogin,
  createdAt: iso(token.createdAt),
  expiresAt: iso(token.expiresAt),
  revokedAt: token.revokedAt === null ? null : iso(token.revokedAt),
  lastUsedAt: token.lastUsedAt === null ? null : iso(token.lastUsedAt),
  addresses: token.addresses.map(({ address, firstAt, lastAt }) => ({
    address,
    firstAt: iso(firstAt),
    lastAt: iso(lastAt),
  })),
})

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString()
