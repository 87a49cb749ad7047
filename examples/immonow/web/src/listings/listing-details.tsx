/** ListingDetails: the page of a listing. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/api-error.ts'
import { useFormats } from '../i18n/formats.ts'
import { NotFound } from '../layout/not-found.tsx'
import { PageHeading } from '../layout/page-heading.tsx'
import { ProblemNote } from '../layout/problem-note.tsx'
import { HomePicture } from '../pictures/home-picture.tsx'
import { useSession } from '../session/use-session.ts'
import { Price } from './listing-card.tsx'
import { detailsQuery } from './listing-queries.ts'
import type { Listing } from './listing.ts'

const route = getRouteApi('/listings/$id')

export function ListingDetails(): ReactElement {
  const { t } = useTranslation()
  const { id } = route.useParams()
  const { data: listing, error, refetch } = useQuery(detailsQuery(id))
  if (listing) return <Details key={id} listing={listing} />
  if (error instanceof ApiError && (error.status === 404 || error.status === 400)) return <NotFound />
  if (error) return <ProblemNote error={error} retry={() => void refetch()} />
  return <p className="waiting">{t('site.loading')}</p>
}

function Details({ listing }: { readonly listing: Listing }): ReactElement {
  const { t } = useTranslation()
  return (
    <article className="details">
      <p>
        <Link to="/" search={{}}>
          ← {t('listing.results')}
        </Link>
      </p>
      <p className="offer">
        {t(`listing.${listing.kind}`)} · {t(`listing.${listing.offer}`)}
      </p>
      <PageHeading title={listing.title} />
      <OwnerNote listing={listing} />
      <div className="details-columns">
        <HomePicture id={listing.id} kind={listing.kind} />
        <Facts listing={listing} />
      </div>
      <section aria-labelledby="description" className="prose">
        <h2 id="description">{t('listing.description')}</h2>
        {listing.description.split(/\n{2,}/).map((paragraph, index) => (
          <p key={index}>{paragraph}</p>
        ))}
      </section>
    </article>
  )
}

function OwnerNote({ listing }: { readonly listing: Listing }): ReactElement | null {
  const { t } = useTranslation()
  const state = useSession()
  if (state.status !== 'signed-in' || state.user.id !== listing.ownerId) return null
  return (
    <p className="note">
      {t('listing.yours')}{' '}
      <Link to="/my-listings/$id/edit" params={{ id: String(listing.id) }}>
        {t('listing.edit')}
      </Link>
    </p>
  )
}

function Facts({ listing }: { readonly listing: Listing }): ReactElement {
  const { t } = useTranslation()
  const { area, date, number } = useFormats()
  const facts: (readonly [label: string, value: ReactElement | string])[] = [
    [listing.offer === 'rent' ? t('listing.rentPrice') : t('listing.salePrice'), <Price listing={listing} />],
    [t('listing.roomsLabel'), number(listing.rooms)],
    [t('listing.area'), area(listing.area)],
    [t('listing.address'), `${listing.postalCode} ${listing.city}, ${listing.district}`],
    [
      t('listing.availableFrom'),
      listing.availableFrom === null ? t('listing.atOnce') : date(listing.availableFrom),
    ],
    ...(listing.yearBuilt === null ? [] : [[t('listing.yearBuilt'), String(listing.yearBuilt)] as const]),
    ...(listing.energyClass === null ? [] : [[t('listing.energyClass'), listing.energyClass] as const]),
    [t('listing.published'), date(listing.createdAt)],
    ...(listing.updatedAt === listing.createdAt
      ? []
      : [[t('listing.changed'), date(listing.updatedAt)] as const]),
  ]
  return (
    <section aria-labelledby="facts" className="card">
      <h2 id="facts">{t('listing.facts')}</h2>
      <dl className="fact-list">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
