/** Whoever may call the hub, and what it must say to each of them: written down once more, apart from its sources. */
import type { Access, Route } from '../src/http/route.ts'
import { bearer, nobody, type Credentials, type TestHub } from './running-hub.ts'

/** The ring that the callers of the matrix are about. */
export const matrixRing = 'immonow/production'
const ring = matrixRing
export const nameOf = ({ method, url }: Route): string => `${method} ${url}`

/** One kind of caller, and what the hub must say to it. */
export interface Caller {
  readonly name: string
  readonly credentials: (hub: TestHub, known: Known) => Promise<Credentials> | Credentials
  /** The code of the refusal; undefined: let in. */
  readonly refusal: (route: Route) => string | undefined
}

/** Tokens of this hub, made once. */
export interface Known {
  readonly tokens: Readonly<Record<string, Credentials>>
}

export const scopes = ['read', 'operate', 'admin', `instance:${ring}`, 'instance:immonow/staging']
export const roles = ['viewer', 'operator', 'admin'] as const

/** What each may do, written down once more: a change of the rules in the sources must change this as well. */
export const rights: Readonly<Record<string, readonly Access[]>> = {
  viewer: ['any', 'session', 'read'],
  operator: ['any', 'session', 'read', 'operate'],
  admin: ['any', 'session', 'read', 'operate', 'admin'],
  'scope read': ['any', 'read'],
  'scope operate': ['any', 'read', 'operate'],
  'scope admin': ['any', 'read', 'operate', 'admin'],
  [`scope instance:${ring}`]: ['any', 'instance'],
  'scope instance:immonow/staging': ['any'],
}

const forbiddenUnless =
  (who: string) =>
  ({ access }: Route): string | undefined =>
    access === 'public' || rights[who]?.includes(access) ? undefined : 'ERR_AUTH_FORBIDDEN'

export const isForwardAuth = ({ url }: Route): boolean => url === '/v1/forward-auth'

/** A proxy shows its token in a header of its own; a session means nothing there. */
const inSession =
  (refusal: Caller['refusal']): Caller['refusal'] =>
  route =>
    isForwardAuth(route) ? 'ERR_AUTH_REQUIRED' : refusal(route)

export const callers: readonly Caller[] = [
  {
    name: 'nobody',
    credentials: () => nobody,
    refusal: ({ access }) => (access === 'public' ? undefined : 'ERR_AUTH_REQUIRED'),
  },
  ...roles.map(role => ({
    name: role,
    credentials: (hub: TestHub) => hub.session(role),
    refusal: inSession(forbiddenUnless(role)),
  })),
  ...roles.map(role => ({
    name: `${role} without the CSRF token`,
    credentials: async (hub: TestHub) => (await hub.session(role)).withoutCsrf,
    refusal: inSession(route =>
      route.access !== 'public' && route.method !== 'GET' ? 'ERR_AUTH_CSRF' : forbiddenUnless(role)(route),
    ),
  })),
  ...scopes.map(scope => ({
    name: `a token with ${scope}`,
    credentials: (_: TestHub, { tokens }: Known) => tokens[scope] ?? nobody,
    refusal: forbiddenUnless(`scope ${scope}`),
  })),
  ...['expired', 'revoked', 'garbage', 'somebody else’s secret', 'of another scheme'].map(kind => ({
    name: `a token that is ${kind}`,
    credentials: (_: TestHub, { tokens }: Known) => tokens[kind] ?? nobody,
    refusal: ({ access }: Route) => (access === 'public' ? undefined : 'ERR_AUTH_INVALID'),
  })),
  {
    name: 'a session that is made up',
    credentials: () => ({
      headers: { cookie: '__Host-keyturn=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' },
    }),
    refusal: inSession(({ access }) => (access === 'public' ? undefined : 'ERR_AUTH_INVALID')),
  },
]

export async function known(hub: TestHub): Promise<Known> {
  const tokens: Record<string, Credentials> = {}
  for (const scope of scopes) tokens[scope] = await hub.token(scope)
  const revoked = await hub.token('admin', `instance:${ring}`)
  await hub.hub.tokens.revoke(revoked.id, 'test')
  const expired = await hub.token('admin', `instance:${ring}`)
  const { db } = hub.hub.database
  await db.updateTable('tokens').set({ expires_at: 1 }).where('id', '=', expired.id).execute()
  await db.updateTable('meta').set({ value: 'again' }).where('name', '=', 'tokens-revision').execute()
  await hub.hub.tokens.refresh()
  const admin = await hub.token('admin')
  const instance = await hub.token(`instance:${ring}`)
  const swapped =
    admin.text.slice(0, 'kt_123456789012_'.length) + instance.text.slice('kt_123456789012_'.length)
  return {
    tokens: {
      ...tokens,
      expired: bearer(expired.text),
      revoked: bearer(revoked.text),
      garbage: bearer('kt_garbage'),
      'somebody else’s secret': bearer(swapped),
      'of another scheme': {
        headers: { authorization: `Basic ${Buffer.from('anna:x').toString('base64')}` },
      },
    },
  }
}
