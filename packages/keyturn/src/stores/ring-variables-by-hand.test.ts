/** What people do to a ring's variables. */
import { describe, expect, it } from 'vitest'
import { firstRing, legacyRing, ringName, rotatedRing, stagedRing } from '../../test/sample-rings.ts'
import type { Ring } from '../ports/ring-store.ts'
import { defaultLimits } from '../ring/document.ts'
import { generateSecret } from '../secret/generate.ts'
import { kidOf } from '../secret/kid.ts'
import { ringFrom, variableNames, variablesOf, type HandSet } from './ring-variables.ts'

const names = variableNames()
type Values = Record<string, string | undefined>

const read = (values: Values, handSet?: HandSet): Ring | undefined =>
  ringFrom(name => values[name], names, handSet)
const written = (ring: Ring): Values => Object.fromEntries(variablesOf(ring, names))
const states = (ring: Ring | undefined): (string | undefined)[][] =>
  ring?.document.keys.map(key => [key.state, ring.secrets.get(key.kid)?.reveal()]) ?? []

describe('variables that a person set by hand', () => {
  const [active, next, previous, older, suspended] = Array.from({ length: 5 }, () => generateSecret()) as [
    string,
    string,
    string,
    string,
    string,
  ]

  it('are a ring of generation 0, each key in the state of its variable', () => {
    const ring = read({
      JWT_SECRET_KEY: active,
      JWT_SECRET_KEY_NEXT: next,
      JWT_SECRET_KEY_PREVIOUS: `${previous},${older}`,
      JWT_SECRET_KEY_SUSPENDED: suspended,
      JWT_SECRET_KEY_LEGACY: 'short and weak',
    })
    expect(ring?.document).toMatchObject({
      generation: 0,
      epoch: 0,
      ring: 'default/default',
      audit: null,
      limits: defaultLimits,
    })
    expect(states(ring)).toEqual([
      ['active', active],
      ['staged', next],
      ['retiring', previous],
      ['retiring', older],
      ['suspended', suspended],
      ['retiring', 'short and weak'],
    ])
    expect(ring?.document.keys[0]?.kid).toBe(kidOf(active))
    expect(ring?.document.keys.at(-1)).toMatchObject({ kid: 'legacy', legacy: true, createdAt: null })
    expect(ring?.edited).toBeUndefined()
  })

  it('are the same ring in every process', () => {
    const values = { JWT_SECRET_KEY: active, JWT_SECRET_KEY_PREVIOUS: previous }
    expect(read(values)?.document).toEqual(read(values)?.document)
  })

  it('take name and durations from the configuration', () => {
    const limits = { ...defaultLimits, maxTokenLife: 900 }
    expect(read({ JWT_SECRET_KEY: active }, { ring: ringName, limits })?.document).toMatchObject({
      ring: ringName,
      limits,
    })
  })

  it('may hold lists with spaces and empty places', () => {
    const ring = read({ JWT_SECRET_KEY: active, JWT_SECRET_KEY_PREVIOUS: ` ${previous} ,, ${older}, ` })
    expect(states(ring)).toEqual([
      ['active', active],
      ['retiring', previous],
      ['retiring', older],
    ])
    expect(states(read({ JWT_SECRET_KEY: active, JWT_SECRET_KEY_PREVIOUS: ',' }))).toHaveLength(1)
  })

  it('count a secret once, in its first place', () => {
    const ring = read({
      JWT_SECRET_KEY: active,
      JWT_SECRET_KEY_NEXT: active,
      JWT_SECRET_KEY_PREVIOUS: `${active},${previous},${previous}`,
    })
    expect(states(ring)).toEqual([
      ['active', active],
      ['retiring', previous],
    ])
  })

  it('take an empty JWT_KEYRING for none', () => {
    expect(read({ JWT_SECRET_KEY: active, JWT_KEYRING: '' })?.document.generation).toBe(0)
  })

  it('are written without JWT_KEYRING at generation 0', () => {
    const ring = read({ JWT_SECRET_KEY: active, JWT_SECRET_KEY_PREVIOUS: `${previous},${older}` })
    expect(written(ring as Ring)).toEqual({
      JWT_SECRET_KEY: active,
      JWT_SECRET_KEY_NEXT: undefined,
      JWT_SECRET_KEY_PREVIOUS: `${previous},${older}`,
      JWT_SECRET_KEY_SUSPENDED: undefined,
      JWT_SECRET_KEY_LEGACY: undefined,
      JWT_KEYRING: undefined,
    })
  })
})

describe('a hand edit', () => {
  const ring = stagedRing(rotatedRing(rotatedRing(firstRing(), 'hard')))
  const values = written(ring)
  const fresh = generateSecret()

  /** The document stays, the edit is told, and both can be seen. */
  function expectEdit(edited: Values): NonNullable<Ring['edited']> {
    const found = read(edited)
    expect(found?.document).toEqual(ring.document)
    expect(found?.edited).toBeDefined()
    return found?.edited as NonNullable<Ring['edited']>
  }

  it('is none while the values are as they were written', () => {
    expect(read(values)?.edited).toBeUndefined()
    expect(
      read({ ...values, JWT_SECRET_KEY_PREVIOUS: ` ${values.JWT_SECRET_KEY_PREVIOUS}, ` })?.edited,
    ).toBeUndefined()
  })

  it('is a new active value', () => {
    const edit = expectEdit({ ...values, JWT_SECRET_KEY: fresh })
    expect(edit.active.reveal()).toBe(fresh)
    expect(edit.retiring.map(secret => secret.reveal())).toEqual([values.JWT_SECRET_KEY_PREVIOUS])
  })

  it('is an old value pasted back', () => {
    expectEdit({ ...values, JWT_SECRET_KEY: values.JWT_SECRET_KEY_SUSPENDED })
    expectEdit({ ...values, JWT_SECRET_KEY: values.JWT_SECRET_KEY_PREVIOUS })
  })

  it('is a list with more, less or other values', () => {
    expectEdit({ ...values, JWT_SECRET_KEY_PREVIOUS: `${fresh},${values.JWT_SECRET_KEY_PREVIOUS}` })
    expectEdit({ ...values, JWT_SECRET_KEY_PREVIOUS: undefined })
    expectEdit({ ...values, JWT_SECRET_KEY_PREVIOUS: fresh })
    expectEdit({ ...values, JWT_SECRET_KEY_SUSPENDED: undefined })
    expectEdit({ ...values, JWT_SECRET_KEY_SUSPENDED: `${values.JWT_SECRET_KEY_SUSPENDED},${fresh}` })
  })

  it('is a staged value that came, went or is another', () => {
    expectEdit({ ...values, JWT_SECRET_KEY_NEXT: undefined })
    expectEdit({ ...values, JWT_SECRET_KEY_NEXT: fresh })
    const { JWT_SECRET_KEY_NEXT: _, ...rest } = written(rotatedRing(firstRing()))
    expect(read({ ...rest, JWT_SECRET_KEY_NEXT: fresh })?.edited).toBeDefined()
  })

  it('is a value that stands in two places, or in the wrong one', () => {
    expectEdit({ ...values, JWT_SECRET_KEY_NEXT: values.JWT_SECRET_KEY })
    expectEdit({
      ...values,
      JWT_SECRET_KEY_PREVIOUS: `${values.JWT_SECRET_KEY_PREVIOUS},${values.JWT_SECRET_KEY}`,
    })
    expectEdit({
      ...values,
      JWT_SECRET_KEY_NEXT: values.JWT_SECRET_KEY_PREVIOUS,
      JWT_SECRET_KEY_PREVIOUS: values.JWT_SECRET_KEY_NEXT,
    })
  })

  it('is a legacy value that came or went', () => {
    expectEdit({ ...values, JWT_SECRET_KEY_LEGACY: 'weak' })
    const legacy = written(legacyRing('weak'))
    expect(read(legacy)?.edited).toBeUndefined()
    expect(read({ ...legacy, JWT_SECRET_KEY_LEGACY: undefined })?.edited).toBeDefined()
  })

  it('is a cut value', () => {
    expectEdit({ ...values, JWT_SECRET_KEY: values.JWT_SECRET_KEY?.slice(0, -1) })
  })
})
