/** Each structure rule at its threshold and one step below. */
import { describe, expect, it } from 'vitest'
import { keystream } from '../../test/keystream.js'
import { drawSecret } from './generate.ts'
import { checkStructure } from './structure.ts'

const rulesOf = (text: string): string[] => checkStructure(text, 'X').map(finding => finding.rule)
const random = drawSecret(86, keystream(10))
const base = random.slice(0, 64)
const hex = keystream(11)(32).toString('hex')

describe('checkStructure', () => {
  it('finds nothing in random text', () => {
    expect(rulesOf(base)).toEqual([])
    expect(rulesOf(random)).toEqual([])
    expect(rulesOf(hex)).toEqual([])
    expect(rulesOf(hex.toUpperCase())).toEqual([])
  })

  it('counts different characters: 23 of 64 are too few, 24 pass', () => {
    const letters = [...'kQ3vZ8xW1pLmT6yBd9RhN4cJsGfA']
    const spread = (count: number): string =>
      Array.from({ length: 64 }, (_, at) => letters[(at + Math.floor(at / count) * 5) % count]).join('')
    expect(new Set(spread(23)).size).toBe(23)
    expect(rulesOf(spread(23))).toContain('structure-distinct')
    expect(new Set(spread(24)).size).toBe(24)
    expect(rulesOf(spread(24))).not.toContain('structure-distinct')
  })

  it('counts the most frequent character: 15 of 64 are too many, 14 pass', () => {
    const without = [...base.replaceAll('a', 'b')]
    const withA = (count: number): string =>
      without.map((character, at) => (at % 4 === 0 && at / 4 < count ? 'a' : character)).join('')
    expect(rulesOf(withA(15))).toEqual(['structure-frequent'])
    expect(rulesOf(withA(14))).toEqual([])
  })

  it('measures runs: 9 in a row are too many, 8 pass', () => {
    const at20 = (part: string): string => base.slice(0, 20) + part + base.slice(20 + part.length)
    expect(rulesOf(at20('_'.repeat(9)))).toContain('structure-run')
    expect(rulesOf(at20('_'.repeat(8)))).not.toContain('structure-run')
  })

  it('measures sequences up and down: 9 are too many, 8 pass', () => {
    const at20 = (part: string): string => base.slice(0, 20) + part + base.slice(20 + part.length)
    expect(rulesOf(at20('DEFGHIJKL'))).toEqual(['structure-sequence'])
    expect(rulesOf(at20('LKJIHGFED'))).toEqual(['structure-sequence'])
    expect(rulesOf(at20('DEFGHIJK'))).toEqual([])
  })

  it('finds repeats, apart and overlapping: 8 characters are too many, 7 pass', () => {
    expect(rulesOf(base.slice(0, 8) + base.slice(0, 56))).toEqual(['structure-repeat'])
    expect(rulesOf(base.slice(0, 56) + base.slice(3, 11))).toEqual(['structure-repeat'])
    expect(rulesOf(base.slice(0, 57) + base.slice(3, 10))).toEqual([])
    expect(rulesOf(`${base.slice(0, 50)}xyxyxyxyxyxyxy`)).toContain('structure-repeat')
  })

  it('finds text behind base64: 41 printable octets of 48 are too many, 40 pass', () => {
    const encoded = (printable: number): string =>
      Buffer.from(
        keystream(12)(48).map((octet, at) => (at < printable ? 0x20 + (octet % 95) : octet | 0x80)),
      ).toString('base64url')
    expect(rulesOf(encoded(41))).toEqual(['structure-text'])
    expect(rulesOf(encoded(40))).toEqual([])
  })

  it('finds text behind hex', () => {
    expect(rulesOf(Buffer.from('The quick brown fox did not jump today.').toString('hex'))).toContain(
      'structure-text',
    )
  })

  it('judges the first and the last characters of a longer text', () => {
    const long = drawSecret(200, keystream(13))
    const run = '_'.repeat(12)
    expect(rulesOf(long)).toEqual([])
    expect(rulesOf(run + long)).toContain('structure-run')
    expect(rulesOf(long + run)).toContain('structure-run')
  })

  it('finds text at the end whatever stands before it', () => {
    const text = 'all the world is a stage and men and women merely players, they have exits'
    for (let before = 60; before < 66; before++) {
      const octets = Buffer.concat([keystream(14)(before), Buffer.from(text)])
      expect(rulesOf(octets.toString('base64url')), `${before}`).toEqual(['structure-text'])
    }
  })

  it('leaves the padding of base64 out', () => {
    expect(rulesOf(keystream(15)(49).toString('base64'))).toEqual([])
  })

  it('gives each rule at most once', () => {
    const rules = rulesOf('a'.repeat(200))
    expect(new Set(rules).size).toBe(rules.length)
  })
})
