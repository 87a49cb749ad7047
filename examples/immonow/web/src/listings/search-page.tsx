/** SearchPage: all listings, with filters in the address. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useEffect, useRef, type ReactElement } from 'react'
import { useTranslation } from 'react-i18next'
import { PageHeading } from '../layout/page-heading.tsx'
import { ProblemNote } from '../layout/problem-note.tsx'
import { FilterForm } from './filter-form.tsx'
import { ListingCard } from './listing-card.tsx'
import { searchQuery } from './listing-queries.ts'
import { Pager, pagesOf } from './pager.tsx'

const route = getRouteApi('/')

export function SearchPage(): ReactElement {
  const { t } = useTranslation()
  const search = route.useSearch()
  const { data: found, error, isFetching, isPlaceholderData, refetch } = useQuery(searchQuery(search))
  const results = useRef<HTMLHeadingElement>(null)
  const isTurning = useRef(false)
  useEffect(() => {
    if (!isTurning.current || isPlaceholderData || !found) return
    isTurning.current = false
    results.current?.focus()
  }, [found, isPlaceholderData])

  const count = found?.total ?? 0
  const pages = found ? pagesOf(found) : 1
  const summary =
    pages > 1 && found
      ? t('search.resultsPage', { count, page: found.page, pages })
      : t('search.results', { count })
  return (
    <>
      <div className="lead">
        <PageHeading title={t('search.heading')} />
        <p>{t('search.lead')}</p>
      </div>
      <FilterForm search={search} />
      <div role="status" className="visually-hidden">
        {found && !isFetching && (count === 0 ? t('search.none') : summary)}
      </div>
      {error && <ProblemNote error={error} retry={() => void refetch()} />}
      {!found && !error && <p className="waiting">{t('site.loading')}</p>}
      {found && (
        <section aria-labelledby="results" aria-busy={isPlaceholderData} className="results">
          <h2 id="results" ref={results} tabIndex={-1}>
            {count === 0 ? t('search.none') : summary}
          </h2>
          {count === 0 && <p>{t('search.noneText')}</p>}
          <ul className="listing-grid">
            {found.items.map(listing => (
              <li key={listing.id}>
                <ListingCard listing={listing} />
              </li>
            ))}
          </ul>
          <Pager
            found={found}
            search={search}
            onTurn={() => {
              isTurning.current = true
            }}
          />
        </section>
      )}
    </>
  )
}
