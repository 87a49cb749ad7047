import { describe, expect, it } from 'vitest'
import type { Access } from '../http/route.ts'
import { actorOf, type Principal } from './principal.ts'
import { allows, assertAllowed, parseScopes, type Role, type Scope } from './scopes.ts'

const operator = (role: Role): Principal => ({
  kind: 'operator',
  name: 'anna',
  role,
  session: 's',
  idleUntil: 0,
  expiresAt: 0,
})
const token = (...scopes: Scope[]): Principal => ({
  kind: 'token',
  id: 'k3x',
  name: 'ci',
  scopes,
  expiresAt: 0,
})

const ring = 'immonow/production'
const accesses: readonly Access[] = ['public', 'any', 'session', 'instance', 'read', 'operate', 'admin']

/** Who may what, in the order of `accesses`. */
const matrix: readonly (readonly [string, Principal | undefined, string])[] = [
  ['nobody', undefined, 'y------'],
  ['a viewer', operator('viewer'), 'yyy-y--'],
  ['an operator', operator('operator'), 'yyy-yy-'],
  ['an admin', operator('admin'), 'yyy-yyy'],
  ['a token that reads', token('read'), 'yy--y--'],
  ['a token that operates', token('operate'), 'yy--yy-'],
  ['a token of an admin', token('admin'), 'yy--yyy'],
  ['an instance of the ring', token(`instance:${ring}`), 'yy-y---'],
  ['an instance of another ring', token('instance:immonow/staging'), 'yy-----'],
  ['an instance that may read', token(`instance:${ring}`, 'read'), 'yy-yy--'],
  ['a token of both ends', token('read', 'admin'), 'yy--yyy'],
]

describe('allows', () => {
  it.each(matrix)('%s', (_who, principal, expected) => {
    const found = accesses.map(access => (allows(principal, access, ring) ? 'y' : '-')).join('')
    expect(found).toBe(expected)
  })

  it('lets no instance through where no ring is named, or only a part of its name', () => {
    const instance = token(`instance:${ring}`)
    expect(allows(instance, 'instance')).toBe(false)
    expect(allows(instance, 'instance', 'immonow/prod')).toBe(false)
    expect(allows(instance, 'instance', 'immonow/production2')).toBe(false)
    expect(allows(instance, 'instance', 'IMMONOW/production')).toBe(false)
  })
})

describe('assertAllowed', () => {
  it('tells nobody from somebody who may not, and names what is missing', () => {
    const may = (principal: Principal | undefined, access: Access) => () =>
      assertAllowed(principal, access, ring)
    expect(may(undefined, 'read')).toThrow(expect.objectContaining({ code: 'ERR_AUTH_REQUIRED' }))
    const forbidden = (message: string) => expect.objectContaining({ code: 'ERR_AUTH_FORBIDDEN', message })
    expect(may(operator('viewer'), 'operate')).toThrow(
      forbidden('this needs the role operator or the scope operate'),
    )
    expect(may(operator('admin'), 'instance')).toThrow(
      forbidden('this needs a token with the scope instance:immonow/production'),
    )
    expect(may(token('admin'), 'session')).toThrow(
      forbidden('this needs an operator who is logged in at the console'),
    )
    expect(may(token('read'), 'read')).not.toThrow()
  })
})

describe('parseScopes', () => {
  it('takes each scope once', () => {
    expect(parseScopes(['read', `instance:${ring}`, 'read'])).toEqual(['read', `instance:${ring}`])
  })

  it.each([
    [[]],
    [['write']],
    [['Admin']],
    [['instance:']],
    [['instance:production']],
    [['instance:a/b/c']],
    [['instance:a/*']],
    [['instance:a/b ']],
    [['read', '']],
    [Array.from({ length: 33 }, (_, number) => `instance:a/${number}`)],
  ])('refuses %j', scopes => {
    expect(() => parseScopes(scopes)).toThrow(expect.objectContaining({ code: 'ERR_REQUEST_INVALID' }))
  })
})

describe('actorOf', () => {
  it('names an operator, and a token with its id', () => {
    expect(actorOf(operator('viewer'))).toBe('anna')
    expect(actorOf(token('read'))).toBe('token ci (k3x)')
  })
})
