/** Dice: every choice of a run. The same seed makes the same choices in the same order. */
import { randomOf, type Random } from '../token-random.ts'

/** A choice, and how often it is made in proportion to the others. */
export type Weighted<Value> = readonly (readonly [weight: number, value: Value])[]

export class Dice {
  readonly #random: Random

  constructor(seed: number) {
    this.#random = randomOf(`simulation ${seed}`)
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + this.#random.below(most - least + 1)
  }

  /** True so many times of a hundred. */
  percent(share: number): boolean {
    return this.#random.below(10_000) < share * 100
  }

  one<Value>(values: readonly Value[]): Value {
    return this.#random.one(values)
  }

  weighted<Value>(choices: Weighted<Value>): Value {
    let rest = this.#random.below(choices.reduce((sum, [weight]) => sum + weight, 0))
    for (const [weight, value] of choices) {
      if (rest < weight) return value
      rest -= weight
    }
    throw new RangeError('nothing to choose from')
  }
}
