import { describe, expect, it } from 'vitest'
import { safeReturnTo } from './return-to.ts'

describe('safeReturnTo', () => {
  it('keeps addresses of this site', () => {
    for (const path of [
      '/',
      '/write',
      '/listings/42',
      '/my-listings/7/edit',
      '/?city=K%C3%B6ln&page=2',
      '/write#title',
    ])
      expect(safeReturnTo(path)).toBe(path)
    expect(safeReturnTo('/?city=Köln')).toBe('/?city=K%C3%B6ln')
    expect(safeReturnTo('/?city=//evil.example')).toBe('/?city=//evil.example')
  })

  it.each([
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '\u0000/write',
    ' /write',
    '/write\u007f',
    'https:evil.example',
    'https://evil.example',
    'HTTPS://evil.example/write',
    'javascript:alert(1)',
    'data:text/html,x',
    'write',
    '',
    '/%2Fevil.example',
    '/%2f%2fevil.example',
    '/%5Cevil.example',
    '/%252Fevil.example',
    '/%09/evil.example',
    '/..//evil.example',
    '/.//evil.example',
    '/%2e%2e//evil.example',
    '/write//evil.example',
    '/@evil.example',
    '/:80',
  ])('goes home instead of to %j', text => {
    expect(safeReturnTo(text)).toBe('/')
  })

  it('goes home instead of to pages that make no sense after a login', () => {
    for (const path of ['/login', '/login?returnTo=/login', '/register', '/api/auth/logout'])
      expect(safeReturnTo(path)).toBe('/')
    for (const value of [undefined, null, 5, ['/write'], `/${'a'.repeat(3000)}`])
      expect(safeReturnTo(value)).toBe('/')
  })
})
