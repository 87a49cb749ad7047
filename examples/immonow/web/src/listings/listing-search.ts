/** Filters of the search as they stand in the address. What makes no sense there is left out. */

export interface ListingSearch {
  readonly city?: string
  readonly offer?: 'rent' | 'sale'
  /** Whole euros. */
  readonly maxPrice?: number
  /** At least so many. */
  readonly rooms?: number
  /** From 2; the first page has no number. */
  readonly page?: number
}

const wholeNumber = (text: unknown, low: number, high: number): number | undefined => {
  const value = /^\d{1,10}$/.test(String(text)) ? Number(text) : NaN
  return value >= low && value <= high ? value : undefined
}

/** @param raw names and values of the address */
export function readListingSearch(raw: Readonly<Record<string, unknown>>): ListingSearch {
  const city = typeof raw['city'] === 'string' ? raw['city'].trim().slice(0, 80) : ''
  const { offer } = raw
  const maxPrice = wholeNumber(raw['maxPrice'], 1, 1_000_000_000)
  const rooms = /^\d{1,2}(\.5)?$/.test(String(raw['rooms'])) ? Number(raw['rooms']) : 0
  const page = wholeNumber(raw['page'], 2, 100_000)
  return {
    ...(city !== '' && !/[\u0000-\u001f\u007f]/.test(city) && { city }),
    ...((offer === 'rent' || offer === 'sale') && { offer }),
    ...(maxPrice !== undefined && { maxPrice }),
    ...(rooms > 0 && { rooms }),
    ...(page !== undefined && { page }),
  }
}

/** Whole euros that a person typed: "1.200", "1 200 €" and "1200" are one. Undefined for anything else. */
export function parseEuros(text: string): number | undefined {
  const plain = text.replace(/[\s\u00a0\u202f€]/g, '')
  const joined = /^\d{1,3}([.,']\d{3})+$/.test(plain) ? plain.replace(/[.,']/g, '') : plain
  return wholeNumber(joined, 1, 1_000_000_000)
}

/** The query that asks the backend for it; empty, or with its question mark. */
export function listingQuery(search: ListingSearch): string {
  const pairs = Object.entries(search).map(([name, value]): [string, string] => [name, String(value)])
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`
}
