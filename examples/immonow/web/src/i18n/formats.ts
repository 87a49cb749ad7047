/** Numbers, prices and dates as readers of a language write them. */
import { useTranslation } from 'react-i18next'

export interface Formats {
  price(euros: number): string
  area(squareMetres: number): string
  number(value: number): string
  /** Of an ISO date or time. */
  date(iso: string): string
}

export function formatsFor(language: string): Formats {
  const locale = language === 'de' ? 'de-DE' : 'en-GB'
  const price = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: 'EUR',
    maximumFractionDigits: 0,
  })
  const number = new Intl.NumberFormat(locale)
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'Europe/Berlin' })
  return {
    price: euros => price.format(euros),
    // Intl has no square metres.
    area: squareMetres => `${number.format(squareMetres)}\u00a0m²`,
    number: value => number.format(value),
    date: iso => date.format(new Date(iso)),
  }
}

export const useFormats = (): Formats => formatsFor(useTranslation().i18n.language)
