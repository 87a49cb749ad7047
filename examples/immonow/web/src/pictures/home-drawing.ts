/** homeDrawing: the picture of a listing, drawn from its id and kind. The same listing always looks the same. */
import { drawApartments, type BuildingStyle } from './draw-apartments.ts'
import { drawHouse, type HouseStyle } from './draw-house.ts'
import { treeAt } from './draw-parts.ts'
import { circle, diceOf, outline, rect, type Dice, type Shape } from './shapes.ts'

export interface HomeDrawing {
  readonly style: HouseStyle | BuildingStyle
  /** From back to front. */
  readonly shapes: readonly Shape[]
}

export const drawingWidth = 400
export const drawingHeight = 260
const ground = 222

export function homeDrawing(id: number, kind: 'apartment' | 'house'): HomeDrawing {
  const dice = diceOf(id)
  const scene = [...sky(dice), ...land(dice)]
  if (kind === 'house') {
    const style = dice.pick(['gable', 'gable', 'hip', 'flat'])
    const tree = treeAt(dice.pick([44, 62, 340, 358]), ground, dice)
    return { style, shapes: [...scene, ...tree, ...drawHouse(style, ground, dice), ...path(dice, '#d9cbb0')] }
  }
  const style = dice.pick(['mansard', 'balconies', 'balconies', 'modern'])
  const trees = [
    treeAt(dice.between(24, 52), ground + 4, dice),
    treeAt(dice.between(350, 378), ground + 4, dice),
  ]
  return {
    style,
    shapes: [...scene, ...drawApartments(style, ground, dice), ...trees.flat(), ...path(dice, '#c4c6c2')],
  }
}

function sky(dice: Dice): Shape[] {
  const [air, light] = dice.pick([
    ['#cfe5ef', '#fff3c4'],
    ['#d9ebe6', '#fff1b8'],
    ['#f6dcc3', '#ffb98a'],
    ['#dfe3f3', '#fff6d8'],
    ['#c2dbe8', '#fffbe8'],
  ] as const)
  const cloud = (x: number, y: number): Shape[] => [
    circle(x, y, 13, '#ffffff'),
    circle(x + 16, y - 5, 16, '#ffffff'),
    circle(x + 34, y, 12, '#ffffff'),
    rect(x - 2, y, 38, 12, '#ffffff', 6),
  ]
  return [
    rect(0, 0, drawingWidth, drawingHeight, air),
    circle(dice.pick([52, 338]), dice.between(38, 56), 19, light),
    ...cloud(dice.between(70, 150), dice.between(28, 58)),
    ...cloud(dice.between(230, 290), dice.between(26, 50)),
  ]
}

function land(dice: Dice): Shape[] {
  const [far, near] = dice.pick([
    ['#b7cfa8', '#8fb37c'],
    ['#c4d3a5', '#a3b873'],
    ['#a9c8b4', '#7fab88'],
  ] as const)
  const rise = dice.between(150, 178)
  return [
    { tag: 'path', d: `M0 ${rise + 20}Q110 ${rise - 26} 220 ${rise + 14}T400 ${rise}V260H0z`, fill: far },
    outline(near, [0, ground - 8], [drawingWidth, ground - 8], [drawingWidth, 260], [0, 260]),
  ]
}

const path = (dice: Dice, colour: string): Shape[] => {
  const x = dice.between(170, 215)
  return [
    rect(0, ground, drawingWidth, 3, '#00000018'),
    outline(colour, [x, ground], [x + 26, ground], [x + 54, 260], [x - 22, 260]),
  ]
}
