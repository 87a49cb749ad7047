/** EditPage: changes a listing of the reader's own. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/api-error.ts'
import { api } from '../app/site.ts'
import { notify } from '../layout/notice.ts'
import { NotFound } from '../layout/not-found.tsx'
import { PageHeading } from '../layout/page-heading.tsx'
import { ProblemNote } from '../layout/problem-note.tsx'
import type { User } from '../session/session-gate.ts'
import { SignedInOnly } from '../session/signed-in-only.tsx'
import { ListingForm } from './listing-form.tsx'
import { valuesOfListing } from './listing-form-values.ts'
import { detailsQuery, forgetListings } from './listing-queries.ts'
import type { Listing, ListingInput } from './listing.ts'

const route = getRouteApi('/my-listings/$id/edit')

export const EditPage = (): ReactElement => <SignedInOnly>{user => <Edit user={user} />}</SignedInOnly>

function Edit({ user }: { readonly user: User }): ReactElement {
  const { t, i18n } = useTranslation()
  const navigate = useNavigate()
  const { id } = route.useParams()
  const { data: listing, error, refetch } = useQuery(detailsQuery(id))
  const save = async (input: ListingInput): Promise<Listing> =>
    api({ method: 'PATCH', path: `/api/listings/${encodeURIComponent(id)}`, body: input, signedIn: true })
  const show = (): void => {
    notify('form.saved', { staysFor: 1 })
    void forgetListings()
    void navigate({ to: '/listings/$id', params: { id } })
  }
  // What is being written stays, also when the listing cannot be asked for again.
  if (!listing) {
    if (error instanceof ApiError && (error.status === 404 || error.status === 400)) return <NotFound />
    if (error) return <ProblemNote error={error} retry={() => void refetch()} />
    return <p className="waiting">{t('site.loading')}</p>
  }
  return (
    <section className="wide-form">
      <PageHeading title={t('form.editHeading')} />
      {listing.ownerId === user.id ? (
        <ListingForm
          key={`${user.id} ${id}`}
          user={user}
          draftOf={listing.id}
          initial={valuesOfListing(listing, i18n.language === 'de' ? ',' : '.')}
          submitLabel={t('form.save')}
          send={save}
          done={show}
        />
      ) : (
        <p className="note note-problem">{t('problem.notYours')}</p>
      )}
    </section>
  )
}
