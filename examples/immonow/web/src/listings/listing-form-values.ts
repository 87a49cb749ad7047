/** What stands in the form of a listing, as text, and the listing that it makes. The rules are the backend's. */
import { energyClasses, type Listing, type ListingInput } from './listing.ts'
import { parseEuros } from './listing-search.ts'

export type ListingField = keyof ListingInput
export type ListingFormValues = Readonly<Record<ListingField, string>>

export const emptyListing: ListingFormValues = {
  offer: 'rent',
  kind: 'apartment',
  title: '',
  description: '',
  city: '',
  district: '',
  postalCode: '',
  price: '',
  rooms: '',
  area: '',
  yearBuilt: '',
  energyClass: '',
  availableFrom: '',
}

export const listingFields = Object.keys(emptyListing) as readonly ListingField[]

/** @param comma how the reader's language writes 2.5 */
export const valuesOfListing = (listing: Listing, comma: '.' | ','): ListingFormValues => ({
  offer: listing.offer,
  kind: listing.kind,
  title: listing.title,
  description: listing.description,
  city: listing.city,
  district: listing.district,
  postalCode: listing.postalCode,
  price: String(listing.price),
  rooms: String(listing.rooms).replace('.', comma),
  area: String(listing.area),
  yearBuilt: String(listing.yearBuilt ?? ''),
  energyClass: listing.energyClass ?? '',
  availableFrom: listing.availableFrom ?? '',
})

/** The listing, or the fields that are wrong, in the order of the form. */
export function readListingForm(
  values: ListingFormValues,
): { readonly input: ListingInput } | { readonly wrong: readonly ListingField[] } {
  const text = (field: ListingField): string => values[field].normalize('NFC').trim()
  const wrong = new Set<ListingField>()
  const checked = <Value>(field: ListingField, value: Value, good: (value: Value) => boolean): Value => {
    if (!good(value)) wrong.add(field)
    return value
  }
  const between = (low: number, high: number) => (value: string) =>
    value.length >= low && value.length <= high
  const from = (low: number, high: number) => (value: number) => value >= low && value <= high
  const whole = (field: ListingField): number => (/^\d{1,6}$/.test(text(field)) ? Number(text(field)) : NaN)
  const halves = (field: ListingField): number =>
    /^\d{1,2}([.,][05])?$/.test(text(field)) ? Number(text(field).replace(',', '.')) : NaN

  const energyClass = text('energyClass')
  const availableFrom = text('availableFrom')
  const yearBuilt = text('yearBuilt')
  const input: ListingInput = {
    offer: checked('offer', text('offer') as ListingInput['offer'], value =>
      ['rent', 'sale'].includes(value),
    ),
    kind: checked('kind', text('kind') as ListingInput['kind'], value =>
      ['apartment', 'house'].includes(value),
    ),
    title: checked('title', text('title'), between(5, 140)),
    description: checked('description', text('description').replaceAll('\r\n', '\n'), between(20, 5_000)),
    city: checked('city', text('city'), between(2, 80)),
    district: checked('district', text('district'), between(2, 80)),
    postalCode: checked('postalCode', text('postalCode'), value => /^\d{5}$/.test(value)),
    price: checked('price', parseEuros(text('price')) ?? NaN, from(1, 1_000_000_000)),
    rooms: checked('rooms', halves('rooms'), from(1, 50)),
    area: checked('area', whole('area'), from(5, 100_000)),
    yearBuilt: yearBuilt === '' ? null : checked('yearBuilt', whole('yearBuilt'), from(1100, 2200)),
    energyClass:
      energyClass === ''
        ? null
        : checked('energyClass', energyClass, value => (energyClasses as readonly string[]).includes(value)),
    availableFrom:
      availableFrom === ''
        ? null
        : checked('availableFrom', availableFrom, value => /^\d{4}-\d{2}-\d{2}$/.test(value)),
  }
  return wrong.size === 0 ? { input } : { wrong: listingFields.filter(field => wrong.has(field)) }
}
