/** Draws a building with several apartments: an old one with a mansard roof, one with balconies, a new one. */
import { doorAt, paintFor, windowAt, type Paint } from './draw-parts.ts'
import { circle, outline, rect, type Dice, type Shape } from './shapes.ts'

export type BuildingStyle = 'mansard' | 'balconies' | 'modern'

interface Building {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly paint: Paint
  readonly dice: Dice
}

export function drawApartments(style: BuildingStyle, ground: number, dice: Dice): Shape[] {
  const paint = paintFor(dice)
  const columns = dice.between(4, 5)
  const floors = style === 'mansard' ? 3 : dice.between(3, 4)
  const step = 38
  const width = columns * step + 16
  const left = 200 - width / 2 + dice.between(-20, 20)
  const floorHeight = floors === 4 ? 36 : 42
  const top = ground - floors * floorHeight - 6
  const doorColumn = dice.between(0, columns - 1)
  const building = { left, top, width, paint, dice }
  const cells = Array.from({ length: floors * columns }, (_, cell) => {
    const column = cell % columns
    const floor = Math.floor(cell / columns)
    const x = left + 8 + column * step
    const y = top + 9 + floor * floorHeight
    const isDoor = floor === floors - 1 && column === doorColumn
    if (isDoor) return doorAt(x + 8, ground - 36, 21, 36, paint)
    const hasBalcony = style === 'balconies' && floor < floors - 1 && column % 2 === columns % 2
    return [
      ...windowAt(x + 9, y, 19, style === 'mansard' ? 25 : 22, paint, dice),
      ...(hasBalcony ? balcony(x + 2, y + 14) : []),
    ]
  })
  return [
    rect(left, top, width, ground - top, paint.wall),
    ...roofOf(style, building),
    ...(style === 'mansard' ? [rect(left, ground - floorHeight, width, 4, paint.shade)] : []),
    rect(left, ground - 5, width, 5, paint.shade),
    ...cells.flat(),
  ]
}

function roofOf(style: BuildingStyle, { left, top, width, paint, dice }: Building): Shape[] {
  if (style === 'balconies')
    return [
      rect(left + width * 0.7, top - 38, 14, 26, '#7b5344'),
      outline(
        paint.roof,
        [left - 8, top + 2],
        [left + 18, top - 26],
        [left + width - 18, top - 26],
        [left + width + 8, top + 2],
      ),
    ]
  if (style === 'modern')
    return [
      rect(left - 5, top - 6, width + 10, 8, '#4a555c'),
      rect(left + width * 0.3, top - 36, width * 0.6, 30, paint.shade),
      rect(left + width * 0.28, top - 40, width * 0.64, 6, '#4a555c'),
      ...windowAt(left + width * 0.37, top - 29, width * 0.34, 19, paint, dice),
      circle(left + 24, top - 15, 9, '#5f8f55'),
      rect(left + 17, top - 11, 14, 7, '#9a6a4a'),
    ]
  const dormers = [0.18, 0.45, 0.72].map(share => left + width * share)
  return [
    outline(
      paint.roof,
      [left - 6, top + 3],
      [left + 8, top - 38],
      [left + width - 8, top - 38],
      [left + width + 6, top + 3],
    ),
    rect(left + 4, top - 42, width - 8, 6, '#55504d'),
    rect(left - 6, top - 1, width + 12, 6, paint.trim),
    ...dormers.flatMap(x => windowAt(x, top - 27, 16, 18, paint, dice)),
  ]
}

const balcony = (x: number, y: number): Shape[] => [
  rect(x, y, 33, 2.5, '#55626a'),
  ...Array.from({ length: 6 }, (_, bar) => rect(x + 1 + bar * 6, y, 1.5, 13, '#55626a')),
  rect(x - 1, y + 13, 35, 4, '#6f7c84'),
]
