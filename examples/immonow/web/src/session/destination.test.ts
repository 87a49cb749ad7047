import { describe, expect, it } from 'vitest'
import { destination, loginAddress } from './destination.ts'
import { safeReturnTo } from './return-to.ts'
import type { SessionState } from './session.ts'

const place = (href: string): { pathname: string; href: string } => ({
  href,
  pathname: href.split('?')[0] ?? '',
})
const guest: SessionState = { status: 'guest' }
const ended = (reason: 'expired' | 'security'): SessionState => ({ status: 'ended', reason })
const user = { id: 'u', email: 'e', name: 'n' }
const signedIn: SessionState = { status: 'signed-in', user, accessToken: 't', expiresAt: 0 }

describe('destination', () => {
  it('leads to the login page with the reason when the session of this tab ended', () => {
    expect(destination(ended('expired'), place('/write'), undefined, true)).toBe(
      '/login?reason=expired&returnTo=/write',
    )
    expect(destination(ended('security'), place('/?city=Bonn&page=2'), undefined, true)).toBe(
      '/login?reason=security&returnTo=/%3Fcity%3DBonn%26page%3D2',
    )
  })

  it('lets a tab that was never signed in read public pages', () => {
    expect(destination(ended('expired'), place('/listings/4'), undefined, false)).toBeUndefined()
    expect(destination(ended('expired'), place('/write'), undefined, false)).toBe(
      '/login?reason=expired&returnTo=/write',
    )
    expect(destination(guest, place('/'), undefined, false)).toBeUndefined()
  })

  it('gives a guest no reason', () => {
    expect(destination(guest, place('/my-listings/7/edit'), undefined, true)).toBe(
      '/login?returnTo=/my-listings/7/edit',
    )
  })

  it('waits while nothing is known: a 503 is no sign-out', () => {
    for (const href of ['/write', '/', '/login?reason=expired'])
      expect(destination({ status: 'starting' }, place(href), '/write', true)).toBeUndefined()
  })

  it('leaves the login page with a living session, to an address of this site', () => {
    expect(destination(signedIn, place('/login'), undefined, true)).toBe('/')
    expect(destination(signedIn, place('/login'), '/write', true)).toBe('/write')
    expect(destination(signedIn, place('/login'), '//evil.example', true)).toBe('/')
    expect(destination(signedIn, place('/write'), undefined, true)).toBeUndefined()
    expect(destination(ended('expired'), place('/login'), '/write', true)).toBeUndefined()
  })
})

describe('loginAddress', () => {
  it('survives the way through an address', () => {
    for (const path of ['/?city=K%C3%B6ln&rooms=2.5', '/write', '/listings/1?a=%26&b=%23']) {
      const { searchParams } = new URL(loginAddress(path, 'expired'), 'https://immonow.invalid')
      expect(safeReturnTo(searchParams.get('returnTo'))).toBe(path)
    }
    expect(loginAddress('/')).toBe('/login')
  })
})
