import { describe, expect, it } from 'vitest'
import {
  emptyListing,
  readListingForm,
  valuesOfListing,
  type ListingFormValues,
} from './listing-form-values.ts'

const good: ListingFormValues = {
  ...emptyListing,
  title: ' Helle Wohnung am Park ',
  description: 'Drei Zimmer, ruhig gelegen.\r\n\r\nMit Balkon.',
  city: 'Görlitz',
  district: 'Altstadt',
  postalCode: '02826',
  price: '1.540 €',
  rooms: '2,5',
  area: '71',
}

describe('readListingForm', () => {
  it('makes the listing', () => {
    expect(readListingForm(good)).toEqual({
      input: {
        offer: 'rent',
        kind: 'apartment',
        title: 'Helle Wohnung am Park',
        description: 'Drei Zimmer, ruhig gelegen.\n\nMit Balkon.',
        city: 'Görlitz',
        district: 'Altstadt',
        postalCode: '02826',
        price: 1540,
        rooms: 2.5,
        area: 71,
        yearBuilt: null,
        energyClass: null,
        availableFrom: null,
      },
    })
    const more = { ...good, rooms: '3', yearBuilt: '1898', energyClass: 'A+', availableFrom: '2027-03-01' }
    expect(readListingForm(more)).toMatchObject({
      input: { rooms: 3, yearBuilt: 1898, energyClass: 'A+', availableFrom: '2027-03-01' },
    })
  })

  it('names every field that is wrong, in the order of the form', () => {
    expect(readListingForm(emptyListing)).toEqual({
      wrong: ['title', 'description', 'city', 'district', 'postalCode', 'price', 'rooms', 'area'],
    })
    for (const [field, text] of [
      ['offer', 'gift'],
      ['kind', ''],
      ['title', 'x'.repeat(141)],
      ['description', 'short'],
      ['postalCode', '1234a'],
      ['price', '12,50'],
      ['rooms', '2.3'],
      ['rooms', '51'],
      ['rooms', '0'],
      ['area', '4'],
      ['area', '70.5'],
      ['yearBuilt', '98'],
      ['energyClass', 'Z'],
      ['availableFrom', '1.3.2027'],
    ] as const)
      expect(readListingForm({ ...good, [field]: text }), `${field} ${text}`).toEqual({ wrong: [field] })
  })
})

describe('valuesOfListing', () => {
  it('is read back as the same listing', () => {
    const read = readListingForm(good)
    if (!('input' in read)) throw new Error('not read')
    const rest = { id: 1, ownerId: 'u', createdAt: '', updatedAt: '' }
    for (const comma of ['.', ','] as const) {
      const values = valuesOfListing({ ...read.input, ...rest }, comma)
      expect(values.rooms).toBe(`2${comma}5`)
      expect(readListingForm(values)).toEqual(read)
    }
  })
})
