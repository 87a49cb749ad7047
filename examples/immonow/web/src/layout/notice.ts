/** The one notice of the page: says what was done, until the reader goes on. */
import { useSyncExternalStore } from 'react'
import type { Texts } from '../i18n/texts-de.ts'

type TextKey = {
  [Part in keyof Texts & string]: `${Part}.${keyof Texts[Part] & string}`
}[keyof Texts & string]

/** A text by its key, so that it follows a change of the language. */
export type NoticeText = TextKey

/** `staysFor`: how many changes of the page it outlives. */
let current: { readonly text: NoticeText; readonly staysFor: number } | undefined
const listeners = new Set<() => void>()

function become(next: typeof current): void {
  current = next
  for (const listener of listeners) listener()
}

/** For now and for the page that the same action leads to. */
export const notify = (text: NoticeText, { staysFor = 0 } = {}): void => become({ text, staysFor })

/** Called at every change of the page. */
export const pageChanged = (): void => {
  if (current) become(current.staysFor === 0 ? undefined : { ...current, staysFor: current.staysFor - 1 })
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useNotice = (): NoticeText | undefined => useSyncExternalStore(subscribe, () => current?.text)
