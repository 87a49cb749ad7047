import { describe, expect, it } from 'vitest'
import { parseQuery, queryText, readLoginSearch } from './query.ts'

describe('queryText', () => {
  it('is read back as it was, with slashes as slashes', () => {
    const values = { reason: 'expired', returnTo: '/listings/4?a=1&b=ü', number: '42' }
    expect(queryText(values)).toBe('?reason=expired&returnTo=/listings/4%3Fa%3D1%26b%3D%C3%BC&number=42')
    expect(parseQuery(queryText(values))).toEqual(values)
    expect(queryText({ page: 2, city: undefined })).toBe('?page=2')
    expect(queryText({})).toBe('')
  })
})

describe('readLoginSearch', () => {
  it('knows two reasons', () => {
    expect(readLoginSearch({ reason: 'security', returnTo: '/write' })).toEqual({
      reason: 'security',
      returnTo: '/write',
    })
    expect(readLoginSearch({ reason: '<b>', returnTo: 5 })).toEqual({})
  })
})
