/** Parts of every drawing: windows, doors, trees. */
import { circle, outline, rect, type Dice, type Shape } from './shapes.ts'

export interface Paint {
  readonly wall: string
  readonly shade: string
  readonly roof: string
  readonly trim: string
  readonly door: string
  readonly glass: string
  readonly lit: string
}

const walls = [
  ['#f4ead7', '#e3d4b8'],
  ['#f2d9c4', '#dfbfa3'],
  ['#e7ecef', '#cfd8dd'],
  ['#f6e3a8', '#e2ca84'],
  ['#dfe8d8', '#c5d3ba'],
  ['#f1c9b8', '#d9a995'],
  ['#d8e3ea', '#bccdd8'],
] as const

export function paintFor(dice: Dice): Paint {
  const [wall, shade] = dice.pick(walls)
  return {
    wall,
    shade,
    roof: dice.pick(['#a4482f', '#8a3b2a', '#5b6068', '#7a4a36', '#44515c', '#b65a3a']),
    trim: dice.pick(['#ffffff', '#fbf7ee', '#39464d']),
    door: dice.pick(['#1f5d57', '#7b2f3b', '#2e4a70', '#5d4328', '#8c6d1f']),
    glass: '#86aabb',
    lit: '#ffe29a',
  }
}

/** A window with its frame and one bar. Some are lit. */
export function windowAt(
  x: number,
  y: number,
  width: number,
  height: number,
  paint: Paint,
  dice: Dice,
): Shape[] {
  const glass = dice.between(1, 6) === 1 ? paint.lit : paint.glass
  return [
    rect(x - 2, y - 2, width + 4, height + 4, paint.trim, 1),
    rect(x, y, width, height, glass),
    rect(x + width / 2 - 0.75, y, 1.5, height, paint.trim),
    rect(x - 4, y + height + 2, width + 8, 3, paint.shade),
  ]
}

export const doorAt = (x: number, y: number, width: number, height: number, paint: Paint): Shape[] => [
  rect(x - 3, y - 3, width + 6, height + 3, paint.trim, 2),
  rect(x, y, width, height, paint.door, 1),
  circle(x + width - 4, y + height / 2, 1.5, '#f4e3b0'),
]

export function treeAt(x: number, ground: number, dice: Dice): Shape[] {
  const leaves = dice.pick(['#4f7d4a', '#6a8f3f', '#3f6f52', '#7e9a4c', '#b98738'])
  const size = dice.between(15, 24)
  if (dice.between(1, 4) === 1)
    return [
      rect(x - 2.5, ground - 16, 5, 18, '#6b4c34'),
      outline(leaves, [x, ground - size * 4], [x + size * 0.9, ground - 10], [x - size * 0.9, ground - 10]),
    ]
  const top = ground - size * 2
  return [
    rect(x - 3, top, 6, size * 2 + 2, '#6b4c34'),
    circle(x, top - 4, size, leaves),
    circle(x - size * 0.6, top + size * 0.35, size * 0.7, leaves),
    circle(x + size * 0.6, top + size * 0.3, size * 0.72, leaves),
  ]
}
