/** What doctor says: items under headings. */

export type Standing = 'ok' | 'warning' | 'error'

export interface Item {
  readonly standing: Standing
  /** One word for what was looked at. */
  readonly name: string
  readonly message: string
  readonly remedy?: string
  /** `doctor --fix` can do it. */
  readonly isFixable?: true
}

export interface Section {
  readonly heading: string
  readonly items: readonly Item[]
}

export const ok = (name: string, message: string): Item => ({ standing: 'ok', name, message })

export const warning = (name: string, message: string, remedy: string): Item => ({
  standing: 'warning',
  name,
  message,
  remedy,
})

export const error = (name: string, message: string, remedy: string): Item => ({
  standing: 'error',
  name,
  message,
  remedy,
})

/** The findings, or that there are none. */
export const orFine = (items: readonly Item[], name: string, message: string): readonly Item[] =>
  items.length > 0 ? items : [ok(name, message)]
