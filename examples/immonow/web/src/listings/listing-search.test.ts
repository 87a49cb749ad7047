import { describe, expect, it } from 'vitest'
import { listingQuery, parseEuros, readListingSearch } from './listing-search.ts'

describe('readListingSearch', () => {
  it('reads every filter', () => {
    const raw = { city: ' Köln ', offer: 'rent', maxPrice: '1200', rooms: '2.5', page: '3' }
    expect(readListingSearch(raw)).toEqual({
      city: 'Köln',
      offer: 'rent',
      maxPrice: 1200,
      rooms: 2.5,
      page: 3,
    })
  })

  it('leaves out what makes no sense', () => {
    for (const raw of [
      {},
      { city: '  ', offer: 'gift', maxPrice: '-1', rooms: '0', page: '1' },
      { city: 'a\u0000b', maxPrice: '1e9', rooms: '2.3', page: '0' },
      { city: ['a'], offer: null, maxPrice: '99999999999', rooms: '', page: 'x', other: 'y' },
    ])
      expect(readListingSearch(raw), JSON.stringify(raw)).toEqual({})
  })
})

describe('parseEuros', () => {
  it('reads amounts as people write them', () => {
    for (const text of ['1200', '1.200', '1 200 €', '1,200', "1'200", '€1200'])
      expect(parseEuros(text), text).toBe(1200)
    for (const text of ['', 'x', '0', '-5', '12.5', '1.20', '1e3', '99999999999'])
      expect(parseEuros(text), text).toBeUndefined()
  })
})

describe('listingQuery', () => {
  it('asks for what was read', () => {
    expect(listingQuery({})).toBe('')
    const query = listingQuery({ city: 'Köln & Bonn', rooms: 2.5, page: 2 })
    expect(readListingSearch(Object.fromEntries(new URLSearchParams(query)))).toEqual({
      city: 'Köln & Bonn',
      rooms: 2.5,
      page: 2,
    })
  })
})
