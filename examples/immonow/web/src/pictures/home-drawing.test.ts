import { describe, expect, it } from 'vitest'
import { drawingHeight, drawingWidth, homeDrawing } from './home-drawing.ts'

const ids = Array.from({ length: 300 }, (_, index) => index + 1)

describe('homeDrawing', () => {
  it('is the same for the same listing, and another one for the next', () => {
    for (const kind of ['house', 'apartment'] as const) {
      expect(homeDrawing(42, kind)).toEqual(homeDrawing(42, kind))
      const drawings = new Set(ids.map(id => JSON.stringify(homeDrawing(id, kind).shapes)))
      expect(drawings.size).toBe(ids.length)
    }
  })

  it('shows every style', () => {
    const styles = (kind: 'house' | 'apartment'): string[] =>
      [...new Set(ids.map(id => homeDrawing(id, kind).style))].sort()
    expect(styles('house')).toEqual(['flat', 'gable', 'hip'])
    expect(styles('apartment')).toEqual(['balconies', 'mansard', 'modern'])
  })

  it('fits the frame, with numbers alone', () => {
    for (const id of ids)
      for (const kind of ['house', 'apartment'] as const)
        for (const shape of homeDrawing(id, kind).shapes) {
          expect(JSON.stringify(shape)).not.toMatch(/NaN|undefined|null/)
          if (shape.tag !== 'rect') continue
          expect(shape.x).toBeGreaterThanOrEqual(-20)
          expect(shape.y).toBeGreaterThanOrEqual(0)
          expect(shape.x + shape.width).toBeLessThanOrEqual(drawingWidth + 20)
          expect(shape.y + shape.height).toBeLessThanOrEqual(drawingHeight)
        }
  })
})
