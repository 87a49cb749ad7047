/** Fields of a form that are wrong, and what the texts call it. */
import type { Texts } from '../i18n/texts-de.ts'

export type FieldErrorKey = keyof Texts['fieldError']

export interface WrongField {
  readonly field: string
  readonly error: FieldErrorKey
}

export const errorOf = (wrong: readonly WrongField[], field: string): FieldErrorKey | undefined =>
  wrong.find(each => each.field === field)?.error

export const fieldId = (name: string): string => `field-${name}`
