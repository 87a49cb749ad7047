/** What holds after any edit by hand, and the next one. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { documentOf, hour, key, limits, newKey, now } from '../../test/ring-fixtures.ts'
import { ConfigError } from '../errors.ts'
import { activate } from './activate.ts'
import { hasBytes, type RingDocument } from './document.ts'
import { activeKey, findKey } from './keys.ts'
import { parseDocument } from './parse.ts'
import { reconcile, type FoundKids } from './reconcile.ts'
import { stage } from './stage.ts'

const { grace, hold } = limits
const rotate = (document: RingDocument, kid: string, mode: 'graceful' | 'hard'): RingDocument =>
  activate(stage(document, newKey(kid)), { mode, now, grace, hold })

const plain = documentOf([key('a', 'active'), key('dead', 'compromised')], { cutoff: 3, floor: 3 })
const starts = [
  plain,
  rotate(rotate(plain, 'b', 'graceful'), 'c', 'graceful'),
  rotate(rotate(plain, 'b', 'graceful'), 'c', 'hard'),
  stage(rotate(plain, 'b', 'hard'), newKey('c')),
]

const kid = fc.constantFrom('a', 'b', 'c', 'd', 'e')
/** A value stands in one place only, as the stores hand them out; the active one may be repeated. */
const edit: fc.Arbitrary<FoundKids> = fc
  .record({
    active: kid,
    staged: fc.option(kid, { nil: undefined }),
    places: fc.dictionary(kid, fc.constantFrom<'retiring' | 'suspended'>('retiring', 'suspended')),
  })
  .map(({ active, staged, places }) => {
    const kidsIn = (place: string): string[] =>
      Object.keys(places).filter(each => places[each] === place && each !== staged)
    const found = { active, retiring: kidsIn('retiring'), suspended: kidsIn('suspended') }
    return staged === undefined ? found : { ...found, staged }
  })

it('any edit gives a sound document whose keys with bytes are just the values found', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...starts),
      fc.array(edit, { minLength: 1, maxLength: 4 }),
      (start, edits) => {
        let document = start
        edits.forEach((found, index) => {
          const before = document
          document = reconcile(before, found, now + index * hour).document
          expect(parseDocument(JSON.parse(JSON.stringify(document)))).toEqual(document)
          expect(document.generation).toBe(before.generation + 1)
          expect(activeKey(document).kid).toBe(found.active)
          expect(document.cutoff).toBeGreaterThanOrEqual(document.floor)
          expect(findKey(document, 'dead')?.state).toBe('compromised')
          const values = [found.active, found.staged, ...found.retiring, ...found.suspended]
          const kept = document.keys.filter(hasBytes).map(each => each.kid)
          expect(kept.sort()).toEqual([...new Set(values)].filter(each => each !== undefined).sort())
        })
      },
    ),
    { numRuns: 1500 },
  )
})

it('a compromised value is refused wherever it stands', () => {
  fc.assert(
    fc.property(edit, fc.constantFrom('active', 'staged', 'retiring', 'suspended'), (found, place) => {
      const value = place === 'active' || place === 'staged' ? 'dead' : ['dead']
      expect(() => reconcile(plain, { ...found, [place]: value }, now)).toThrow(ConfigError)
    }),
  )
})
