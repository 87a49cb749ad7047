/** The transition table of ARCHITECTURE.md, cell by cell: each row is one generation. */
import { describe, expect, it } from 'vitest'
import {
  documentOf,
  hour,
  key,
  limits,
  newKey,
  now,
  operationOf,
  statesOf,
} from '../../test/ring-fixtures.ts'
import type { ErrorCode } from '../errors.ts'
import { activate } from './activate.ts'
import { maxKeys, type RingDocument, type RingKey } from './document.ts'
import { emergency } from './emergency.ts'
import { verifiesAt } from './keys.ts'
import { destroy, expire, retire } from './retire.ts'
import { rollbackActivate, rollbackPublish, rollbackTarget } from './rollback.ts'
import { abort, stage } from './stage.ts'

const later = now + 20 * hour
/** One key of every state, each named for its state. */
const every: readonly RingKey[] = [
  key('staged', 'staged'),
  key('active', 'active', { activatedAt: now - 50 * hour }),
  key('retiring', 'retiring', { deactivatedAt: now - 50 * hour, verifyUntil: later }),
  key('suspended', 'suspended', { deactivatedAt: now - 60 * hour, holdUntil: later }),
  key('compromised', 'compromised'),
]
const before = { cutoff: 4, floor: 2 }
const whole = documentOf(every, {
  ...before,
  undo: [
    { generation: 4, mode: 'hard', from: 'suspended', to: 'retiring', cutoff: 3, retiring: [] },
    { generation: 9, mode: 'graceful', from: 'retiring', to: 'active', cutoff: 4, retiring: [] },
  ],
})
const idle = { ...whole, keys: every.filter(({ state }) => state !== 'staged') }
const rotating = { ...whole, operation: operationOf('staged') }

/** A hard rotation from `active` took place since: now it is to be rolled back. */
const afterHard = documentOf(
  [
    key('newer', 'active'),
    key('staged', 'staged'),
    key('active', 'suspended', { holdUntil: later }),
    key('retiring', 'suspended', { verifyUntil: later, holdUntil: later }),
    key('retired', 'suspended', { verifyUntil: now, holdUntil: later }),
    key('suspended', 'suspended', { holdUntil: later }),
    key('compromised', 'compromised'),
  ],
  {
    cutoff: 10,
    floor: 2,
    undo: [
      {
        generation: 10,
        mode: 'hard',
        from: 'active',
        to: 'newer',
        cutoff: 3,
        retiring: [
          ['retiring', later],
          ['retired', now],
        ],
      },
    ],
  },
)
const publish = (document: RingDocument): RingDocument =>
  rollbackPublish(document, rollbackTarget(document, now), operationOf('', { mode: 'rollback' }))
const published = publish(afterHard)
const options = { now, grace: limits.grace, hold: limits.hold }
const fresh = newKey('fresh')

type Row = readonly [operation: string, start: RingDocument, verb: (start: RingDocument) => RingDocument]
type Cells = Readonly<Record<string, string>>

/** Cells that are not given stand for "unchanged". */
const rows: readonly (readonly [...Row, Cells])[] = [
  ['stage, import', idle, start => stage(start, fresh), { fresh: 'staged' }],
  ['abort', rotating, abort, { staged: 'destroyed' }],
  ['abort of a rollback', published, abort, { active: 'suspended' }],
  [
    'activate, graceful',
    rotating,
    start => activate(start, { ...options, mode: 'graceful' }),
    { staged: 'active', active: 'retiring' },
  ],
  [
    'activate, hard',
    rotating,
    start => activate(start, { ...options, mode: 'hard' }),
    { staged: 'active', active: 'suspended', retiring: 'suspended', cutoff: 'this generation' },
  ],
  [
    'emergency',
    rotating,
    start => emergency(start, { fresh, now }),
    {
      staged: 'compromised',
      active: 'compromised',
      retiring: 'compromised',
      suspended: 'compromised',
      fresh: 'active',
      cutoff: 'this generation',
      floor: 'this generation',
    },
  ],
  ...['staged', 'retiring', 'suspended'].map(
    kid =>
      [
        `emergency --kid ${kid}`,
        rotating,
        (start: RingDocument) => emergency(start, { fresh, now, kid }),
        { [kid]: 'compromised', cutoff: 'this generation', floor: 'this generation' },
      ] as const,
  ),
  [
    'emergency --kid active',
    rotating,
    start => emergency(start, { fresh, now, kid: 'active' }),
    { active: 'compromised', fresh: 'active', cutoff: 'this generation', floor: 'this generation' },
  ],
  [
    'emergency --kid active --keep-sessions',
    rotating,
    start => emergency(start, { fresh, now, kid: 'active', keepSessions: true }),
    { active: 'compromised', fresh: 'active' },
  ],
  [
    'emergency --kid, with a rollback in progress',
    published,
    start => emergency(start, { fresh, now, kid: 'retiring' }),
    { active: 'suspended', retiring: 'compromised', cutoff: 'this generation', floor: 'this generation' },
  ],
  ['rollback, publish', afterHard, publish, { active: 'staged', staged: 'destroyed' }],
  [
    'rollback, activate',
    published,
    start => rollbackActivate(start, { kid: 'active', undoes: 1, now, grace: limits.grace }),
    { active: 'active', newer: 'retiring', retiring: 'retiring', retired: 'destroyed', cutoff: '3' },
  ],
  ['retire', { ...idle, undo: [] }, start => retire(start, 'retiring', { now }), { retiring: 'suspended' }],
  ['destroy of a staged key', whole, start => destroy(start, 'staged'), { staged: 'destroyed' }],
  ['destroy of a suspended key', whole, start => destroy(start, 'suspended'), { suspended: 'destroyed' }],
  ['clock', whole, start => expire(start, later), { retiring: 'destroyed', suspended: 'destroyed' }],
]

describe.each(rows)('%s', (_, start, verb, cells) => {
  const after = verb(start)

  it('is one generation', () => expect(after.generation).toBe(start.generation + 1))

  it.each([...new Set([...start.keys.map(each => each.kid), 'fresh'])])(
    'moves the key "%s" as the table says',
    kid => {
      const unchanged = start.keys.find(each => each.kid === kid)?.state ?? 'destroyed'
      expect(statesOf(after, kid)).toEqual([cells[kid] ?? unchanged])
    },
  )

  it('leaves cutoff and floor as the table says', () => {
    const { cutoff = String(start.cutoff), floor = String(start.floor) } = cells
    const said = (cell: string): number => (cell === 'this generation' ? after.generation : Number(cell))
    expect([after.cutoff, after.floor]).toEqual([said(cutoff), said(floor)])
  })
})

const full = documentOf([
  key('active', 'active'),
  ...Array.from({ length: maxKeys - 1 }, (_, index) =>
    key(`retiring-${index}`, 'retiring', { deactivatedAt: now, verifyUntil: later }),
  ),
])
const target = (change: Partial<RingDocument>): RingDocument => ({ ...afterHard, ...change })
const without = (kid: string): readonly RingKey[] => afterHard.keys.filter(each => each.kid !== kid)
const roll = (document: RingDocument): unknown => rollbackTarget(document, later)

const refusals: readonly (readonly [string, string, ErrorCode, () => unknown])[] = [
  ['stage', 'one is staged', 'ERR_RING_STAGED', () => stage(whole, fresh)],
  ['stage', 'an operation runs', 'ERR_RING_OPERATION', () => stage(rotating, fresh)],
  ['stage', 'the ring is full', 'ERR_RING_FULL', () => stage(full, fresh)],
  ['stage', 'the kid is compromised', 'ERR_RING_KEY_COMPROMISED', () => stage(idle, newKey('compromised'))],
  ['abort', 'nothing is staged', 'ERR_RING_NOTHING_STAGED', () => abort(idle)],
  [
    'activate',
    'nothing is staged',
    'ERR_RING_NOTHING_STAGED',
    () => activate(idle, { ...options, mode: 'hard' }),
  ],
  [
    'emergency --kid',
    'the kid is unknown',
    'ERR_RING_KEY_NOT_FOUND',
    () => emergency(whole, { fresh, now, kid: 'nobody' }),
  ],
  ['rollback', 'an operation runs', 'ERR_RING_OPERATION', () => roll(rotating)],
  ['rollback', 'there is no undo', 'ERR_RING_NO_UNDO', () => roll(documentOf([key('active', 'active')]))],
  [
    'rollback',
    'the target is compromised',
    'ERR_RING_KEY_COMPROMISED',
    () => roll(target({ keys: [...without('active'), key('active', 'compromised')] })),
  ],
  ['rollback', 'the target is destroyed', 'ERR_RING_TARGET', () => roll(target({ keys: without('active') }))],
  ['rollback', 'the target is past its time', 'ERR_RING_TARGET', () => roll(afterHard)],
  [
    'retire',
    'tokens are outstanding, without force',
    'ERR_RING_KEY_OUTSTANDING',
    () => retire(full, 'retiring-1', { now }),
  ],
  ['destroy', 'the key is active', 'ERR_RING_KEY_ACTIVE', () => destroy(whole, 'active')],
  ['destroy', 'the key is retiring', 'ERR_RING_KEY_STATE', () => destroy(whole, 'retiring')],
  ['destroy', 'an operation runs', 'ERR_RING_OPERATION', () => destroy(rotating, 'suspended')],
]

it.each(refusals)('%s is refused when %s: %s', (_, __, code, verb) => {
  expect(verb).toThrow(expect.objectContaining({ name: 'RingError', code }))
})

it.each<readonly [string, (start: RingDocument) => RingDocument]>([
  ['emergency --kid', start => emergency(start, { fresh, now, kid: 'compromised' })],
  ['destroy', start => destroy(start, 'compromised')],
  ['the clock', start => expire(start, now)],
])('%s changes nothing where the table says no-op', (_, verb) => {
  expect(verb(whole)).toBe(whole)
})

it('a key past its time is dead at once, before its bytes are erased', () => {
  const [retiring] = whole.keys.filter(({ state }) => state === 'retiring')
  expect([later - 1, later].map(at => retiring && verifiesAt(retiring, at))).toEqual([true, false])
})
