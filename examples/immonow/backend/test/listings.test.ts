import { describe, expect, it } from 'vitest'

import { cityKey } from '../src/listings/city-key.ts'
import { listingStore, type ListingInput } from '../src/listings/listings.ts'
import { agencyId } from '../src/listings/seed-listings.ts'
import { temporaryDatabase } from './temporary-database.ts'

const home: ListingInput = {
  offer: 'rent',
  kind: 'apartment',
  title: 'Helle Wohnung am Park',
  description: 'Drei Zimmer, ruhig gelegen, mit Blick auf den Park.',
  city: 'Görlitz',
  district: 'Altstadt',
  postalCode: '02826',
  price: 540,
  rooms: 2.5,
  area: 71,
  yearBuilt: 1898,
  energyClass: null,
  availableFrom: '2027-03-01',
}

describe('seedListings', () => {
  it('puts the same 200 listings into every new database', async () => {
    const [first, second] = [await temporaryDatabase(), await temporaryDatabase()]
    const all = 'SELECT * FROM listings ORDER BY id'
    expect(first.all(all)).toHaveLength(200)
    expect(second.all(all)).toEqual(first.all(all))
  })

  it('writes listings that a tenant would believe', async () => {
    const { search } = listingStore(await temporaryDatabase(), Date.now)
    const pages = Array.from({ length: 10 }, (_, index) => search({ page: index + 1 }).items)
    for (const listing of pages.flat()) {
      const perMetre = listing.price / listing.area
      expect(perMetre).toBeGreaterThan(listing.offer === 'rent' ? 6 : 2000)
      expect(perMetre).toBeLessThan(listing.offer === 'rent' ? 32 : 12_000)
      expect(listing.area / listing.rooms).toBeGreaterThan(16)
      expect(listing.postalCode).toMatch(/^\d{5}$/)
      expect(listing.title).toContain(listing.district)
      expect(listing.description.length).toBeGreaterThan(200)
    }
  })

  it('gives them to an account that nobody can log in to', async () => {
    const database = await temporaryDatabase()
    expect(database.all('SELECT DISTINCT owner_id AS owner FROM listings')).toEqual([{ owner: agencyId }])
    expect(database.get('SELECT role, password_hash FROM users WHERE id = ?', agencyId)).toEqual({
      role: 'agency',
      password_hash: null,
    })
  })
})

describe('cityKey', () => {
  it('is one for all spellings of a city', () => {
    expect(new Set(['MÜNCHEN', ' münchen ', 'Muenchen', 'Mu\u0308nchen'].map(cityKey)).size).toBe(1)
  })
})

describe('listingStore', () => {
  it('filters by city, price and rooms, newest first, twenty a page', async () => {
    const { search } = listingStore(await temporaryDatabase(), Date.now)
    const all = search({ page: 1 })
    expect([all.items.length, all.total, all.pageSize]).toEqual([20, 200, 20])
    expect(all.items.map(item => item.createdAt)).toEqual(
      all.items
        .map(item => item.createdAt)
        .sort()
        .reverse(),
    )
    const found = search({ city: 'KOELN', maxPrice: 1500, rooms: 3, offer: 'rent', page: 1 })
    expect(found.total).toBeGreaterThan(0)
    for (const item of found.items) {
      expect(item).toMatchObject({ city: 'Köln', offer: 'rent' })
      expect(item.price).toBeLessThanOrEqual(1500)
      expect(item.rooms).toBeGreaterThanOrEqual(3)
    }
    expect(search({ city: "' OR 1=1 --", page: 1 }).total).toBe(0)
    expect(search({ page: 11 }).items).toEqual([])
  })

  it('shows every listing exactly once over the pages', async () => {
    const { search } = listingStore(await temporaryDatabase(), Date.now)
    const ids = Array.from({ length: 10 }, (_, index) =>
      search({ page: index + 1 }).items.map(item => item.id),
    )
    expect(new Set(ids.flat()).size).toBe(200)
  })

  it('creates, changes and removes a listing of its owner', async () => {
    let now = Date.UTC(2027, 0, 1)
    const listings = listingStore(await temporaryDatabase(), () => now)
    const created = await listings.create(agencyId, home)
    expect(created).toMatchObject({ ...home, ownerId: agencyId, createdAt: '2027-01-01T00:00:00.000Z' })
    expect(listings.byId(created.id)).toEqual(created)
    now += 60_000
    const changed = await listings.update(created.id, agencyId, { price: 560, city: 'Zittau' })
    expect(changed).toEqual({ ...created, price: 560, city: 'Zittau', updatedAt: '2027-01-01T00:01:00.000Z' })
    expect(listings.search({ city: 'zittau', page: 1 }).total).toBe(1)
    await listings.remove(created.id, agencyId)
    expect(() => listings.byId(created.id)).toThrow(
      expect.objectContaining({ code: 'ERR_LISTING_NOT_FOUND' }),
    )
  })

  it('refuses changes by anybody else', async () => {
    const listings = listingStore(await temporaryDatabase(), Date.now)
    const other = '00000000-0000-4000-8000-000000000002'
    await expect(listings.update(1, other, { price: 1 })).rejects.toMatchObject({ code: 'ERR_NOT_OWNER' })
    await expect(listings.remove(1, other)).rejects.toMatchObject({ code: 'ERR_NOT_OWNER' })
    await expect(listings.remove(9999, other)).rejects.toMatchObject({ code: 'ERR_LISTING_NOT_FOUND' })
  })
})
