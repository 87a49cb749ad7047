/** Random choices that a seed repeats. */
import { keystream } from './keystream.js'

/** Choices of one generator. */
export interface Random {
  /** A whole number from 0 to below the limit. */
  below(limit: number): number
  one<Value>(values: readonly Value[]): Value
  /** True once in so many times. */
  chance(times: number): boolean
  /** None to so many values. */
  list<Value>(most: number, make: () => Value): Value[]
}

export function randomOf(seed: string): Random {
  const bytes = keystream(seed)
  let block = bytes(0)
  let at = 0
  const below = (limit: number): number => {
    if (at + 4 > block.length) {
      block = bytes(4096)
      at = 0
    }
    at += 4
    return Math.floor((block.readUInt32BE(at - 4) / 2 ** 32) * limit)
  }
  return {
    below,
    one: values => values[below(values.length)]!,
    chance: times => below(times) === 0,
    list: (most, make) => Array.from({ length: below(most + 1) }, make),
  }
}
