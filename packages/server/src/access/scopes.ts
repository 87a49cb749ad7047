/** Roles, scopes, and what they allow. */
import { KeyturnError } from 'keyturn'
import type { Access } from '../http/route.ts'
import { AuthError } from './auth-error.ts'
import type { Principal } from './principal.ts'

/** Of an operator; each includes those before it. */
export const roles = ['viewer', 'operator', 'admin'] as const
export type Role = (typeof roles)[number]

/** Rights that include each other, the least first. */
const levels = ['read', 'operate', 'admin'] as const
type Level = (typeof levels)[number]

/** Of an access token. `instance:` is for the processes of one ring, and included in nothing. */
export type Scope = Level | `instance:${string}`

/** `application/environment`. */
const ring = /^[\w.-]{1,64}\/[\w.-]{1,64}$/
const mostScopes = 32

/** Whether the text is a scope. */
function isScope(text: string): text is Scope {
  if (text.startsWith('instance:')) return ring.test(text.slice('instance:'.length))
  return levels.some(level => level === text)
}

/** Each once, in the given order. @throws {KeyturnError} ERR_REQUEST_INVALID */
export function parseScopes(texts: readonly string[]): readonly Scope[] {
  const scopes = [...new Set(texts)]
  if (scopes.length === 0 || scopes.length > mostScopes)
    throw new KeyturnError('ERR_REQUEST_INVALID', `a token has 1 to ${mostScopes} scopes`)
  if (scopes.every(isScope)) return scopes
  throw new KeyturnError(
    'ERR_REQUEST_INVALID',
    'a scope is read, operate, admin or instance:APPLICATION/ENVIRONMENT',
  )
}

const levelOfRole = { viewer: 'read', operator: 'operate', admin: 'admin' } as const

/** The scope of a token that does what the role may. */
export const scopeOfRole = (role: Role): Scope => levelOfRole[role]

/** The highest level of the principal, -1 for none. */
function rankOf(principal: Principal): number {
  const held = principal.kind === 'operator' ? [scopeOfRole(principal.role)] : principal.scopes
  return levels.findLastIndex(level => held.includes(level))
}

/** Whether that is allowed. @param ring the ring of the request, for routes of instances */
export function allows(principal: Principal | undefined, access: Access, ring?: string): boolean {
  if (access === 'public') return true
  if (!principal) return false
  switch (access) {
    case 'any':
      return true
    case 'session':
      return principal.kind === 'operator'
    case 'instance':
      return principal.kind === 'token' && ring !== undefined && principal.scopes.includes(`instance:${ring}`)
    case 'read':
    case 'operate':
    case 'admin':
      return rankOf(principal) >= levels.indexOf(access)
  }
}

/** @throws {AuthError} ERR_AUTH_REQUIRED for nobody, ERR_AUTH_FORBIDDEN for somebody who may not */
export function assertAllowed(principal: Principal | undefined, access: Access, ring?: string): void {
  if (allows(principal, access, ring)) return
  if (!principal) throw new AuthError('ERR_AUTH_REQUIRED')
  throw new AuthError('ERR_AUTH_FORBIDDEN', `this needs ${needed(access, ring)}`)
}

function needed(access: Access, ring: string | undefined): string {
  if (access === 'session') return 'an operator who is logged in at the console'
  if (access === 'instance') return `a token with the scope instance:${ring ?? 'APPLICATION/ENVIRONMENT'}`
  const role = roles.find(each => levelOfRole[each] === access)
  return role === undefined ? 'a login' : `the role ${role} or the scope ${access}`
}
