/** Pager: links to the page before and the page after. */
import { Link } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import { useTranslation } from 'react-i18next'
import type { ListingPage } from './listing.ts'
import type { ListingSearch } from './listing-search.ts'

interface PagerProps {
  readonly found: ListingPage
  readonly search: ListingSearch
  /** Called when a page is chosen. */
  readonly onTurn: () => void
}

export const pagesOf = ({ total, pageSize }: ListingPage): number => Math.max(1, Math.ceil(total / pageSize))

export function Pager({ found, search, onTurn }: PagerProps): ReactElement | null {
  const { t } = useTranslation()
  const { page } = found
  const pages = pagesOf(found)
  if (pages === 1 && page === 1) return null
  const at = (number: number): ListingSearch => {
    const { page: _old, ...filters } = search
    return number > 1 ? { ...filters, page: number } : filters
  }
  return (
    <nav aria-label={t('search.pages')} className="pager">
      {page > 1 && (
        <Link to="/" search={at(Math.min(page - 1, pages))} onClick={onTurn} rel="prev">
          ← {t('search.previous')}
        </Link>
      )}
      <span>{t('search.page', { page, pages })}</span>
      {page < pages && (
        <Link to="/" search={at(page + 1)} onClick={onTurn} rel="next">
          {t('search.next')} →
        </Link>
      )}
    </nav>
  )
}
