/** The listings: homes for rent and for sale. */
import type { Database, Value } from '../database/database.ts'
import { Problem } from '../http/problem.ts'
import { cityKey } from './city-key.ts'

/** What an owner writes. */
export interface ListingInput {
  readonly offer: 'rent' | 'sale'
  readonly kind: 'apartment' | 'house'
  readonly title: string
  readonly description: string
  readonly city: string
  readonly district: string
  readonly postalCode: string
  /** Whole euros: a month without heating, or once. */
  readonly price: number
  /** In halves. */
  readonly rooms: number
  /** Square metres. */
  readonly area: number
  readonly yearBuilt: number | null
  readonly energyClass: string | null
  /** ISO date; null for at once. */
  readonly availableFrom: string | null
}

/** A listing as everybody sees it. */
export interface Listing extends ListingInput {
  readonly id: number
  readonly ownerId: string
  readonly createdAt: string
  readonly updatedAt: string
}

export interface ListingFilter {
  readonly city?: string | undefined
  readonly offer?: 'rent' | 'sale' | undefined
  /** Whole euros. */
  readonly maxPrice?: number | undefined
  /** At least so many. */
  readonly rooms?: number | undefined
  /** Those of one account. */
  readonly ownerId?: string | undefined
  /** From 1. */
  readonly page: number
}

export interface ListingPage {
  readonly items: readonly Listing[]
  readonly page: number
  readonly pageSize: number
  readonly total: number
}

export interface Listings {
  search(filter: ListingFilter): ListingPage
  /** @throws {Problem} ERR_LISTING_NOT_FOUND */
  byId(id: number): Listing
  create(ownerId: string, input: ListingInput): Promise<Listing>
  /** @throws {Problem} ERR_LISTING_NOT_FOUND, ERR_NOT_OWNER */
  update(id: number, ownerId: string, changes: Partial<ListingInput>): Promise<Listing>
  /** @throws {Problem} ERR_LISTING_NOT_FOUND, ERR_NOT_OWNER */
  remove(id: number, ownerId: string): Promise<void>
}

const pageSize = 20

type Row = Omit<Listing, 'createdAt' | 'updatedAt'> & { createdAt: number; updatedAt: number }

const columns = `id, owner_id AS ownerId, offer, kind, title, description, city, district,
  postal_code AS postalCode, price, rooms, area, year_built AS yearBuilt, energy_class AS energyClass,
  available_from AS availableFrom, created_at AS createdAt, updated_at AS updatedAt`

export function listingStore(database: Database, now: () => number): Listings {
  const byId = (id: number): Listing => {
    const row = database.get<Row>(`SELECT ${columns} FROM listings WHERE id = ?`, id)
    if (!row) throw new Problem('ERR_LISTING_NOT_FOUND')
    return listingOf(row)
  }

  const owned = (id: number, ownerId: string): Listing => {
    const listing = byId(id)
    if (listing.ownerId !== ownerId) throw new Problem('ERR_NOT_OWNER')
    return listing
  }

  return {
    search(filter) {
      const conditions: [sql: string, value: Value][] = []
      if (filter.city !== undefined) conditions.push(['city_key = ?', cityKey(filter.city)])
      if (filter.offer !== undefined) conditions.push(['offer = ?', filter.offer])
      if (filter.maxPrice !== undefined) conditions.push(['price <= ?', filter.maxPrice])
      if (filter.rooms !== undefined) conditions.push(['rooms >= ?', filter.rooms])
      if (filter.ownerId !== undefined) conditions.push(['owner_id = ?', filter.ownerId])
      const where = conditions.length > 0 ? `WHERE ${conditions.map(([sql]) => sql).join(' AND ')}` : ''
      const values = conditions.map(([, value]) => value)
      const counted = database.get<{ total: number }>(
        `SELECT count(*) AS total FROM listings ${where}`,
        ...values,
      )
      const rows = database.all<Row>(
        `SELECT ${columns} FROM listings ${where} ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?`,
        ...values,
        pageSize,
        (filter.page - 1) * pageSize,
      )
      return { items: rows.map(listingOf), page: filter.page, pageSize, total: counted?.total ?? 0 }
    },

    byId,

    async create(ownerId, input) {
      const at = now()
      return database.write(connection => {
        const row = connection.get<Row>(insert, ...valuesOf(input), at, ownerId, at)
        if (!row) throw new Error('the insert returned no row')
        return listingOf(row)
      })
    },

    async update(id, ownerId, changes) {
      return database.write(connection => {
        const next = { ...owned(id, ownerId), ...changes }
        connection.run(update, ...valuesOf(next), now(), id)
        return byId(id)
      })
    },

    async remove(id, ownerId) {
      await database.write(connection => {
        owned(id, ownerId)
        connection.run('DELETE FROM listings WHERE id = ?', id)
      })
    },
  }
}

/** What an owner can change, in the order of `valuesOf`. */
const written =
  'offer, kind, title, description, city, city_key, district, postal_code, price, rooms, area, year_built, energy_class, available_from, updated_at'

const marks = (count: number): string => Array<string>(count).fill('?').join(', ')

const insert = `INSERT INTO listings (${written}, owner_id, created_at) VALUES (${marks(17)}) RETURNING ${columns}`

const update = `UPDATE listings SET (${written}) = (${marks(15)}) WHERE id = ?`

const valuesOf = (input: ListingInput): Value[] => [
  input.offer,
  input.kind,
  input.title,
  input.description,
  input.city,
  cityKey(input.city),
  input.district,
  input.postalCode,
  input.price,
  input.rooms,
  input.area,
  input.yearBuilt,
  input.energyClass,
  input.availableFrom,
]

const listingOf = (row: Row): Listing => ({
  ...row,
  createdAt: new Date(row.createdAt).toISOString(),
  updatedAt: new Date(row.updatedAt).toISOString(),
})
