import { defaultLimits, type RingDocument, type RingKey } from 'keyturn/ring'
import { describe, expect, it } from 'vitest'
import { keyLife, mayDo } from './key-life.ts'

const now = 1_000_000

const key = (kid: string, state: RingKey['state'], more: Partial<RingKey> = {}): RingKey => ({
  kid,
  state,
  alg: 'HS256',
  createdAt: 1,
  ...more,
})

const ring = (keys: readonly RingKey[], more: Partial<RingDocument> = {}): RingDocument => ({
  v: 1,
  ring: 'immonow/production',
  epoch: 0,
  generation: 5,
  nonce: '',
  parent: '',
  cutoff: 0,
  floor: 0,
  limits: defaultLimits,
  operation: null,
  undo: [],
  audit: null,
  keys: [key('signs', 'active'), ...keys],
  ...more,
})

describe('mayDo', () => {
  it('a retiring key can be retired, with consent until its last token has expired', () => {
    const fresh = key('old', 'retiring', { deactivatedAt: now - 10, verifyUntil: now + 1e6 })
    const { maxTokenLife, maxStale, tolerance } = defaultLimits
    const ends = now - 10 + maxTokenLife + maxStale + tolerance
    expect(mayDo(ring([fresh]), fresh, now)).toMatchObject({
      retire: true,
      destroy: false,
      outstanding: ends,
    })
    expect(mayDo(ring([fresh]), fresh, ends).outstanding).toBeNull()
    const adopted = key('hand', 'retiring', { createdAt: null })
    expect(mayDo(ring([adopted]), adopted, now).outstanding).toBe('unknown')
  })

  it('a suspended or a staged key can be destroyed, but not while an operation runs', () => {
    const operation = {
      id: 'o',
      mode: 'hard',
      phase: 'gate',
      kid: 's',
      startedAt: 1,
      reason: 'r',
      grace: 1,
      hold: 1,
      controller: 'c',
    } as const
    for (const state of ['suspended', 'staged'] as const) {
      const each = key('s', state)
      expect(mayDo(ring([each]), each, now)).toMatchObject({ destroy: true, retire: false })
      expect(mayDo(ring([each], { operation }), each, now)).toMatchObject({ destroy: false, rollback: false })
    }
  })

  it('a rollback leads to a key that a rotation left, for as long as it is kept', () => {
    const each = key('before', 'suspended', { holdUntil: now + 10 })
    const undo = [
      { generation: 5, mode: 'hard', from: 'before', to: 'signs', cutoff: 0, retiring: [] },
    ] as const
    expect(mayDo(ring([each], { undo }), each, now).rollback).toBe(true)
    expect(mayDo(ring([each], { undo }), each, now + 10).rollback).toBe(false)
    expect(mayDo(ring([each]), each, now).rollback).toBe(false)
  })

  it('with a compromised key there is nothing left to do', () => {
    const dead = key('dead', 'compromised')
    expect(mayDo(ring([dead]), dead, now)).toMatchObject({
      rollback: false,
      retire: false,
      destroy: false,
      emergency: false,
    })
  })
})

it('keyLife takes the steps of one key out of a trail, in their order', () => {
  const entry = (generation: number, keys: [string, string, string][]) => ({
    v: 1 as const,
    ring: 'r/e',
    epoch: 0,
    generation,
    at: '',
    action: 'a',
    actor: 'anna',
    reason: 'r',
    keys,
    cutoff: 0,
    prev: '',
  })
  const trail = [
    entry(1, [['a', 'new', 'active']]),
    entry(2, [['b', 'new', 'staged']]),
    entry(3, [
      ['a', 'active', 'retiring'],
      ['b', 'staged', 'active'],
    ]),
  ]
  expect(keyLife(trail, 'a').map(({ entry: { generation }, to }) => [generation, to])).toEqual([
    [1, 'active'],
    [3, 'retiring'],
  ])
  expect(keyLife(trail, 'c')).toEqual([])
})
