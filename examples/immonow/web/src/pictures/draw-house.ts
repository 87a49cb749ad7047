/** Draws a house for one family: gable, hip or flat roof. */
import { doorAt, paintFor, windowAt } from './draw-parts.ts'
import { circle, outline, rect, type Dice, type Shape } from './shapes.ts'

export type HouseStyle = 'gable' | 'hip' | 'flat'

export function drawHouse(style: HouseStyle, ground: number, dice: Dice): Shape[] {
  const paint = paintFor(dice)
  const width = dice.between(150, 190)
  const left = 200 - width / 2 + dice.between(-24, 24)
  const height = style === 'flat' ? 104 : dice.between(66, 78)
  const top = ground - height
  const middle = left + width / 2
  const doorWidth = 25
  const doorLeft = dice.pick([left + 18, left + width - 18 - doorWidth])
  const chimney = dice.pick([left + width * 0.26, left + width * 0.68])
  const roofs: Record<HouseStyle, Shape[]> = {
    gable: [
      rect(chimney, top - 62, 14, 44, '#7b5344'),
      outline(paint.roof, [left - 12, top + 4], [middle, top - 74], [left + width + 12, top + 4]),
      outline(paint.wall, [left + 14, top + 4], [middle, top - 55], [left + width - 14, top + 4]),
      circle(middle, top - 20, 11, paint.trim),
      circle(middle, top - 20, 8.5, paint.glass),
    ],
    hip: [
      rect(chimney, top - 58, 14, 30, '#7b5344'),
      outline(
        paint.roof,
        [left - 14, top + 4],
        [left + 34, top - 52],
        [left + width - 34, top - 52],
        [left + width + 14, top + 4],
      ),
      ...windowAt(middle - 12, top - 34, 24, 18, paint, dice),
    ],
    flat: [
      rect(left - 8, top - 8, width + 16, 10, paint.roof),
      rect(left + width * 0.55, top - 8, width * 0.45 + 8, height * 0.5, paint.shade),
      ...windowAt(left + width * 0.6, top + 10, width * 0.34, 30, paint, dice),
      ...windowAt(left + 16, top + 14, width * 0.36, 26, paint, dice),
    ],
  }
  const windowTop = style === 'flat' ? ground - 44 : top + 18
  const free = [left + 20, middle - 13, left + width - 46].filter(
    x => x + 32 < doorLeft || x > doorLeft + doorWidth + 6,
  )
  return [
    rect(left, top, width, height, paint.wall),
    ...roofs[style],
    rect(left, ground - 7, width, 7, paint.shade),
    ...free.flatMap(x => windowAt(x, windowTop, 26, 26, paint, dice)),
    ...doorAt(doorLeft, ground - 47, doorWidth, 47, paint),
    ...garden(left, width, ground, dice),
  ]
}

/** A hedge or a fence beside the house. */
function garden(left: number, width: number, ground: number, dice: Dice): Shape[] {
  if (dice.between(0, 1) === 0)
    return [
      rect(left - 62, ground - 14, 56, 16, '#5d8a4c', 7),
      rect(left + width + 8, ground - 14, 60, 16, '#5d8a4c', 7),
    ]
  const from = left + width + 8
  return [
    rect(from, ground - 12, 66, 2.5, '#f1ede2'),
    ...Array.from({ length: 7 }, (_, index) => rect(from + index * 10, ground - 18, 4, 19, '#f1ede2', 1)),
  ]
}
