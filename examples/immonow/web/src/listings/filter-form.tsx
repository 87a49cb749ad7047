/** FilterForm: the filters of the search. They take effect when they are sent. */
import { Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useState, type ChangeEvent, type ReactElement, type SyntheticEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { fieldId } from '../forms/wrong-fields.ts'
import { parseEuros, readListingSearch, type ListingSearch } from './listing-search.ts'

const roomChoices = [1, 1.5, 2, 2.5, 3, 3.5, 4, 5, 6]

type Typed = Readonly<Record<'city' | 'offer' | 'maxPrice' | 'rooms', string>>

const typedOf = ({ city, offer, maxPrice, rooms }: ListingSearch): Typed => ({
  city: city ?? '',
  offer: offer ?? '',
  maxPrice: String(maxPrice ?? ''),
  rooms: String(rooms ?? ''),
})

export function FilterForm({ search }: { readonly search: ListingSearch }): ReactElement {
  const { t, i18n } = useTranslation()
  const navigate = useNavigate()
  const [typed, setTyped] = useState(() => typedOf(search))
  const [isPriceWrong, setPriceWrong] = useState(false)
  // The address also changes by the back button, and by a link.
  useEffect(() => {
    setTyped(typedOf(search))
    setPriceWrong(false)
  }, [search])
  useEffect(() => {
    if (isPriceWrong) document.getElementById(fieldId('maxPrice'))?.focus()
  }, [isPriceWrong])

  const control = (name: keyof Typed) => ({
    id: fieldId(name),
    name,
    value: typed[name],
    onChange: (event: ChangeEvent<HTMLInputElement | HTMLSelectElement>) =>
      setTyped(before => ({ ...before, [name]: event.target.value })),
  })

  const submit = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const maxPrice = parseEuros(typed.maxPrice)
    const isWrong = typed.maxPrice.trim() !== '' && maxPrice === undefined
    setPriceWrong(isWrong)
    if (!isWrong)
      void navigate({ to: '/', search: readListingSearch({ ...typed, maxPrice }), resetScroll: false })
  }

  return (
    <form role="search" aria-label={t('search.form')} className="filters" noValidate onSubmit={submit}>
      <div className="field">
        <label htmlFor={fieldId('city')}>{t('search.city')}</label>
        <input {...control('city')} maxLength={80} autoComplete="off" />
      </div>
      <div className="field">
        <label htmlFor={fieldId('offer')}>{t('search.offer')}</label>
        <select {...control('offer')}>
          <option value="">{t('search.anyOffer')}</option>
          <option value="rent">{t('listing.rent')}</option>
          <option value="sale">{t('listing.sale')}</option>
        </select>
      </div>
      <div className={isPriceWrong ? 'field field-wrong' : 'field'}>
        <label htmlFor={fieldId('maxPrice')}>{t('search.maxPrice')}</label>
        <input
          {...control('maxPrice')}
          inputMode="numeric"
          autoComplete="off"
          {...(isPriceWrong && { 'aria-invalid': true, 'aria-describedby': 'price-error' })}
        />
        {isPriceWrong && (
          <p className="field-error" id="price-error">
            {t('search.priceError')}
          </p>
        )}
      </div>
      <div className="field">
        <label htmlFor={fieldId('rooms')}>{t('search.rooms')}</label>
        <select {...control('rooms')}>
          <option value="">{t('search.anyRooms')}</option>
          {[...new Set([...roomChoices, search.rooms ?? 1])].map(rooms => (
            <option key={rooms} value={rooms}>
              {rooms.toLocaleString(i18n.language)}
            </option>
          ))}
        </select>
      </div>
      <div className="filter-actions">
        <button type="submit" className="button button-main">
          {t('search.submit')}
        </button>
        <Link to="/" search={{}} resetScroll={false}>
          {t('search.reset')}
        </Link>
      </div>
    </form>
  )
}
