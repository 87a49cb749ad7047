import { describe, expect, it } from 'vitest'
import { groupsOf, identiconOf } from './identicon-cells.ts'

describe('identiconOf', () => {
  it('is the same for the same kid, in every browser', () => {
    expect(identiconOf('ICXYXr1wy2pk---b')).toEqual(identiconOf('ICXYXr1wy2pk---b'))
    const { rows, hue } = identiconOf('8wdoW5LJyCnk8AYZ')
    expect(rows.map(row => row.map(cell => (cell ? '#' : '.')).join(''))).toMatchInlineSnapshot(`
      [
        "#.#.#",
        ".###.",
        "..#..",
        "#####",
        ".###.",
      ]
    `)
    expect(hue).toMatchInlineSnapshot(`3`)
  })

  it('mirrors its left half, and has a colour of the theme', () => {
    for (const kid of ['', 'a', 'b', 'ICXYXr1wy2pk---b', 'ß😀']) {
      const { rows, hue } = identiconOf(kid)
      expect(rows).toHaveLength(5)
      for (const row of rows) expect(row).toEqual(row.toReversed())
      expect([1, 2, 3, 4, 5, 6]).toContain(hue)
    }
  })

  it('tells kids apart that differ in one character', () => {
    const pictures = Array.from({ length: 64 }, (_, index) =>
      JSON.stringify(identiconOf(`aaaaaaaaaaaaaaa${index}`)),
    )
    expect(new Set(pictures).size).toBeGreaterThan(60)
  })
})

it('groupsOf cuts into fours and loses nothing', () => {
  expect(groupsOf('ICXYXr1wy2pk---b')).toEqual(['ICXY', 'Xr1w', 'y2pk', '---b'])
  expect(groupsOf('abcde').join('')).toBe('abcde')
  expect(groupsOf('')).toEqual([])
})
