/** WritePage: a new listing. */
import { useNavigate } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../app/site.ts'
import { notify } from '../layout/notice.ts'
import { PageHeading } from '../layout/page-heading.tsx'
import { SignedInOnly } from '../session/signed-in-only.tsx'
import { ListingForm } from './listing-form.tsx'
import { emptyListing } from './listing-form-values.ts'
import { forgetListings } from './listing-queries.ts'
import type { Listing, ListingInput } from './listing.ts'

export function WritePage(): ReactElement {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const publish = async (input: ListingInput): Promise<Listing> =>
    api({ method: 'POST', path: '/api/listings', body: input, signedIn: true })
  const show = ({ id }: Listing): void => {
    notify('form.published', { staysFor: 1 })
    void forgetListings()
    void navigate({ to: '/listings/$id', params: { id: String(id) } })
  }
  return (
    <SignedInOnly>
      {user => (
        <section className="wide-form">
          <PageHeading title={t('form.writeHeading')} />
          <ListingForm
            key={user.id}
            user={user}
            draftOf="new"
            initial={emptyListing}
            submitLabel={t('form.publish')}
            send={publish}
            done={show}
          />
        </section>
      )}
    </SignedInOnly>
  )
}
