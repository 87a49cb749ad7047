/** Shapes of a drawing, and numbers that look random and are the same for the same listing. */

export type Shape =
  | {
      readonly tag: 'rect'
      readonly x: number
      readonly y: number
      readonly width: number
      readonly height: number
      readonly rx?: number
      readonly fill: string
    }
  | {
      readonly tag: 'circle'
      readonly cx: number
      readonly cy: number
      readonly r: number
      readonly fill: string
    }
  | { readonly tag: 'path'; readonly d: string; readonly fill: string }

export const rect = (
  x: number,
  y: number,
  width: number,
  height: number,
  fill: string,
  rx?: number,
): Shape => ({
  tag: 'rect',
  x,
  y,
  width,
  height,
  fill,
  ...(rx !== undefined && { rx }),
})

export const circle = (cx: number, cy: number, r: number, fill: string): Shape => ({
  tag: 'circle',
  cx,
  cy,
  r,
  fill,
})

/** A filled outline through these points. */
export const outline = (fill: string, ...points: readonly (readonly [x: number, y: number])[]): Shape => ({
  tag: 'path',
  d: `M${points.map(([x, y]) => `${x} ${y}`).join('L')}z`,
  fill,
})

export interface Dice {
  /** From low to high, both included. */
  between(low: number, high: number): number
  pick<const Items extends readonly [unknown, ...unknown[]]>(items: Items): Items[number]
}

/** @param seed the id of a listing */
export function diceOf(seed: number): Dice {
  // mulberry32; ids that follow each other must not look alike.
  let state = Math.imul(seed, 0x9e3779b1) >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1))
  return { between, pick: items => items[between(0, items.length - 1)] }
}
