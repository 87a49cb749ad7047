/** newEpoch: past everything that was seen, with the compromised keys carried over. */
import { describe, expect, it } from 'vitest'
import { freshRing, key, now } from '../../test/ring-fixtures.ts'
import { assertSound } from './advance.ts'
import { activeKey } from './keys.ts'
import { newEpoch } from './new-epoch.ts'

const fresh = { kid: 'fresh', alg: 'HS256', createdAt: now } as const
const seen = { epoch: 3, generation: 40 }

describe('newEpoch', () => {
  it('is one generation past what was seen, in an epoch of its own', () => {
    const { document } = freshRing()
    const next = newEpoch(document, { seen, compromised: [], fresh, now })
    expect(next).toMatchObject({
      epoch: 4,
      generation: 41,
      operation: null,
      undo: [],
      cutoff: document.cutoff,
    })
    expect(next.keys).toEqual(document.keys)
    assertSound(next)
  })

  it('is past the ring itself where nobody has seen a newer one', () => {
    const { document } = freshRing()
    const next = newEpoch({ ...document, epoch: 7, generation: 90 }, { seen, compromised: [], fresh, now })
    expect(next).toMatchObject({ epoch: 8, generation: 91 })
  })

  it('kills a compromised key that the backup brought back, signs with a fresh one and ends the sessions', () => {
    const { document } = freshRing()
    const { kid } = activeKey(document)
    const next = newEpoch(document, { seen, compromised: [kid], fresh, now })
    expect(next.keys.find(each => each.kid === kid)?.state).toBe('compromised')
    expect(activeKey(next).kid).toBe('fresh')
    expect(next).toMatchObject({ cutoff: 41, floor: 41 })
    assertSound(next)
  })

  it('remembers compromised kids that the backup never knew', () => {
    const { document } = freshRing()
    const next = newEpoch(document, { seen, compromised: ['elsewhere'], fresh, now })
    expect(next.keys.find(each => each.kid === 'elsewhere')).toMatchObject({ state: 'compromised' })
    expect(activeKey(next)).toEqual(activeKey(document))
    assertSound(next)
  })

  it('drops what was staged', () => {
    const { document } = freshRing()
    const staged = { ...document, keys: [...document.keys, key('staged', 'staged')] }
    expect(newEpoch(staged, { seen, compromised: [], fresh, now }).keys).toEqual(document.keys)
  })

  it('kills what was staged if it is compromised, rather than forget it', () => {
    const { document } = freshRing()
    const staged = { ...document, keys: [...document.keys, key('staged', 'staged')] }
    const next = newEpoch(staged, { seen, compromised: ['staged'], fresh, now })
    expect(next.keys.find(each => each.kid === 'staged')?.state).toBe('compromised')
    expect(activeKey(next)).toEqual(activeKey(document))
  })
})
