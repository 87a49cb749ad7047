/** Numbers that look random and are the same every time (mulberry32). For seed data, never for secrets. */

export interface RandomSequence {
  /** From low to high, both included. */
  integer(low: number, high: number): number
  pick<Item>(items: readonly Item[]): Item
  /** True in this share of the cases, 0 to 1. */
  chance(share: number): boolean
}

export function randomSequence(seed: number): RandomSequence {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const integer = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1))
  return {
    integer,
    pick: items => {
      const item = items[integer(0, items.length - 1)]
      if (item === undefined) throw new TypeError('cannot pick from an empty list')
      return item
    },
    chance: share => next() < share,
  }
}
