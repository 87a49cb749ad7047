/** The queries for listings, and what a change of a listing makes stale. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, queries } from '../app/site.ts'
import type { Listing, ListingPage } from './listing.ts'
import { listingQuery, type ListingSearch } from './listing-search.ts'

const all = 'listings'

export const searchQuery = (search: ListingSearch) =>
  queryOptions({
    queryKey: [all, 'search', search],
    queryFn: ({ signal }) =>
      api<ListingPage>({ method: 'GET', path: `/api/listings${listingQuery(search)}`, signal }),
    placeholderData: keepPreviousData,
  })

export const detailsQuery = (id: string) =>
  queryOptions({
    queryKey: [all, 'one', id],
    queryFn: ({ signal }) =>
      api<Listing>({ method: 'GET', path: `/api/listings/${encodeURIComponent(id)}`, signal }),
  })

export const mineQuery = (userId: string, page: number) =>
  queryOptions({
    queryKey: [all, 'mine', userId, page],
    queryFn: ({ signal }) =>
      api<ListingPage>({ method: 'GET', path: `/api/my/listings?page=${page}`, signedIn: true, signal }),
    staleTime: 0,
    // The buttons that turn the page stay, and keep the focus.
    placeholderData: keepPreviousData,
  })

export const forgetListings = async (): Promise<void> => queries.invalidateQueries({ queryKey: [all] })
