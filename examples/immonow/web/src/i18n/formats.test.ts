import { describe, expect, it } from 'vitest'
import { formatsFor } from './formats.ts'

/** Intl puts spaces that do not break. */
const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ')

describe('formatsFor', () => {
  it('writes as the readers do', () => {
    const [de, en] = [formatsFor('de'), formatsFor('en')]
    expect([de.price(1540), en.price(1540)].map(plain)).toEqual(['1.540 €', '€1,540'])
    expect([de.area(1200), en.area(71)].map(plain)).toEqual(['1.200 m²', '71 m²'])
    expect([de.number(2.5), en.number(2.5)]).toEqual(['2,5', '2.5'])
    expect([de.date('2027-03-01'), en.date('2027-03-01')]).toEqual(['1. März 2027', '1 March 2027'])
    // Late in the evening in UTC is the next day in Berlin.
    expect(de.date('2026-12-31T23:30:00.000Z')).toBe('1. Januar 2027')
  })
})
