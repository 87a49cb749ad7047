/** useShown: of a long list so much as a page can paint at once, and more on demand. */
import { useState } from 'react'

const atOnce = 200

export interface Shown<Item> {
  readonly shown: readonly Item[]
  /** How many are not shown. */
  readonly left: number
  readonly showMore: () => void
}

/** @param of changes when it is another list: it begins at its top again */
export function useShown<Item>(items: readonly Item[], of: string): Shown<Item> {
  const [most, setMost] = useState({ of, count: atOnce })
  const count = most.of === of ? most.count : atOnce
  return {
    shown: items.slice(0, count),
    left: Math.max(0, items.length - count),
    showMore: () => setMost({ of, count: count + atOnce }),
  }
}
