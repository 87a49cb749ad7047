/** Numbers as a reader writes them. */
import { language } from './language.ts'

const locale = language === 'de' ? 'de-DE' : 'en-GB'
const whole = new Intl.NumberFormat(locale)
const withSign = new Intl.NumberFormat(locale, { signDisplay: 'exceptZero', maximumFractionDigits: 1 })
const percents = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 })
const lists = new Intl.ListFormat(locale)

export const count = (value: number): string => whole.format(value)
/** `+1.5`. */
export const signed = (value: number): string => withSign.format(value)
/** @param share 0 to 1 */
export const percent = (share: number): string => percents.format(share)
export const list = (items: readonly string[]): string => lists.format(items)
