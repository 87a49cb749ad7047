/** ListingCard: a listing in a list. */
import { Link } from '@tanstack/react-router'
import type { ReactElement, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormats } from '../i18n/formats.ts'
import { HomePicture } from '../pictures/home-picture.tsx'
import type { Listing } from './listing.ts'

interface ListingCardProps {
  readonly listing: Listing
  /** What the owner can do. */
  readonly children?: ReactNode
}

export function ListingCard({ listing, children }: ListingCardProps): ReactElement {
  const { t } = useTranslation()
  const { area, number } = useFormats()
  return (
    <article className="listing-card">
      <HomePicture id={listing.id} kind={listing.kind} />
      <div className="listing-card-text">
        <p className="offer">
          {t(`listing.${listing.kind}`)} · {t(`listing.${listing.offer}`)}
        </p>
        <h3>
          <Link to="/listings/$id" params={{ id: String(listing.id) }}>
            {listing.title}
          </Link>
        </h3>
        <p className="place">
          {listing.district}, {listing.city}
        </p>
        <p className="facts">
          <strong>
            <Price listing={listing} />
          </strong>
          <span>{t('listing.rooms', { count: Math.ceil(listing.rooms), rooms: number(listing.rooms) })}</span>
          <span>{area(listing.area)}</span>
        </p>
        {children}
      </div>
    </article>
  )
}

export function Price({ listing: { offer, price } }: { readonly listing: Listing }): ReactElement {
  const { t } = useTranslation()
  const formats = useFormats()
  const text = formats.price(price)
  return <>{offer === 'rent' ? t('listing.perMonth', { price: text }) : text}</>
}
