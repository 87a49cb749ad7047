/** Listings as the backend gives them. */

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
  readonly rooms: number
  /** Square metres. */
  readonly area: number
  readonly yearBuilt: number | null
  readonly energyClass: string | null
  /** ISO date; null for at once. */
  readonly availableFrom: string | null
}

export interface Listing extends ListingInput {
  readonly id: number
  readonly ownerId: string
  readonly createdAt: string
  readonly updatedAt: string
}

export interface ListingPage {
  readonly items: readonly Listing[]
  readonly page: number
  readonly pageSize: number
  readonly total: number
}

export const energyClasses = ['A+', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'] as const
