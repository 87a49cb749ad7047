/** draftStore: half-written forms, per account and form, for the life of a tab. They outlive a reload and a login. */

/** A form: a new listing, or the listing with this id. */
export type DraftOf = 'new' | number

export type DraftValues = Readonly<Record<string, string>>

export interface DraftStore {
  load(accountId: string, of: DraftOf): DraftValues | undefined
  save(accountId: string, of: DraftOf, values: DraftValues): void
  remove(accountId: string, of: DraftOf): void
  /** Every draft of every account of this tab: for a logout on purpose. */
  removeAll(): void
}

const prefix = 'immonow_draft:'

/** @param storage sessionStorage; it may be full, or forbidden: a draft is then not kept, and the form still works */
export function draftStore(storage: () => Storage): DraftStore {
  const key = (accountId: string, of: DraftOf): string => `${prefix}${accountId}:${of}`
  const attempt = <Result>(work: (store: Storage) => Result): Result | undefined => {
    try {
      return work(storage())
    } catch {
      return undefined
    }
  }

  return {
    load: (accountId, of) => valuesIn(attempt(store => store.getItem(key(accountId, of)))),
    save: (accountId, of, values) =>
      void attempt(store => store.setItem(key(accountId, of), JSON.stringify(values))),
    remove: (accountId, of) => void attempt(store => store.removeItem(key(accountId, of))),
    removeAll: () =>
      void attempt(store => {
        const keys = Array.from({ length: store.length }, (_, index) => store.key(index) ?? '')
        for (const each of keys.filter(name => name.startsWith(prefix))) store.removeItem(each)
      }),
  }
}

function valuesIn(text: string | null | undefined): DraftValues | undefined {
  if (text === null || text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    const entries = Object.entries(value).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    )
    return Object.fromEntries(entries)
  } catch {
    return undefined
  }
}
