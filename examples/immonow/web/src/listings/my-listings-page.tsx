/** MyListingsPage: the reader's own listings, to change and to delete. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useState, type ReactElement } from 'react'
import { useTranslation } from 'react-i18next'
import { api, drafts } from '../app/site.ts'
import { notify } from '../layout/notice.ts'
import { PageHeading } from '../layout/page-heading.tsx'
import { ProblemNote } from '../layout/problem-note.tsx'
import type { User } from '../session/session-gate.ts'
import { SignedInOnly } from '../session/signed-in-only.tsx'
import { ListingCard } from './listing-card.tsx'
import { forgetListings, mineQuery } from './listing-queries.ts'
import type { Listing } from './listing.ts'
import { pagesOf } from './pager.tsx'
import { RemoveDialog } from './remove-dialog.tsx'

export const MyListingsPage = (): ReactElement => (
  <SignedInOnly>{user => <MyListings key={user.id} user={user} />}</SignedInOnly>
)

function MyListings({ user }: { readonly user: User }): ReactElement {
  const { t } = useTranslation()
  const [page, setPage] = useState(1)
  const [removing, setRemoving] = useState<Listing>()
  const [removed, setRemoved] = useState<number>()
  const { data: found, error, refetch, isPlaceholderData } = useQuery(mineQuery(user.id, page))
  const last = found && !isPlaceholderData ? pagesOf(found) : page
  useEffect(() => {
    // The only listing of the last page was deleted.
    if (page > last) setPage(last)
  }, [page, last])
  useEffect(() => {
    // What had the focus is gone.
    if (removed !== undefined) document.querySelector('h1')?.focus()
  }, [removed])

  const remove = async (listing: Listing): Promise<void> => {
    await api({ method: 'DELETE', path: `/api/listings/${listing.id}`, signedIn: true })
    drafts.remove(user.id, listing.id)
    setRemoving(undefined)
    setRemoved(listing.id)
    notify('mine.removed')
    await forgetListings()
  }

  return (
    <section className="mine">
      <PageHeading title={t('mine.heading')} />
      {error && <ProblemNote error={error} retry={() => void refetch()} />}
      {!found && !error && <p className="waiting">{t('site.loading')}</p>}
      {found?.total === 0 && <p>{t('mine.none')}</p>}
      <p>
        <Link to="/write" className="button button-main">
          {t('mine.write')}
        </Link>
      </p>
      {found && found.total > 0 && <h2>{t('search.results', { count: found.total })}</h2>}
      <ul className="listing-grid">
        {found?.items.map(listing => (
          <li key={listing.id}>
            <ListingCard listing={listing}>
              <OwnerActions listing={listing} remove={() => setRemoving(listing)} />
            </ListingCard>
          </li>
        ))}
      </ul>
      {found && pagesOf(found) > 1 && <PageButtons page={page} pages={pagesOf(found)} turn={setPage} />}
      {removing && <RemoveDialog listing={removing} remove={remove} close={() => setRemoving(undefined)} />}
    </section>
  )
}

interface OwnerActionsProps {
  readonly listing: Listing
  readonly remove: () => void
}

function OwnerActions({ listing: { id, title }, remove }: OwnerActionsProps): ReactElement {
  const { t } = useTranslation()
  return (
    <p className="owner-actions">
      <Link
        to="/my-listings/$id/edit"
        params={{ id: String(id) }}
        className="button"
        aria-label={t('listing.editNamed', { title })}
      >
        {t('listing.edit')}
      </Link>
      <button
        type="button"
        className="button"
        aria-label={t('listing.removeNamed', { title })}
        onClick={remove}
      >
        {t('listing.remove')}
      </button>
    </p>
  )
}

interface PageButtonsProps {
  readonly page: number
  readonly pages: number
  readonly turn: (page: number) => void
}

function PageButtons({ page, pages, turn }: PageButtonsProps): ReactElement {
  const { t } = useTranslation()
  return (
    <nav aria-label={t('search.pages')} className="pager">
      <button type="button" className="button" disabled={page <= 1} onClick={() => turn(page - 1)}>
        {t('search.previous')}
      </button>
      <span role="status">{t('search.page', { page, pages })}</span>
      <button type="button" className="button" disabled={page >= pages} onClick={() => turn(page + 1)}>
        {t('search.next')}
      </button>
    </nav>
  )
}
