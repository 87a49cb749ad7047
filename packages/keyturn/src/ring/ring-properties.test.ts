/** What holds after any sequence of verbs: 10,000 random ones, no model. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { hour, limits, newKey, now as start, operationOf } from '../../test/ring-fixtures.ts'
import { RingError } from '../errors.ts'
import { activate } from './activate.ts'
import { create } from './adopt.ts'
import { hasBytes, maxKeys, type RingDocument, type Undo } from './document.ts'
import { emergency } from './emergency.ts'
import { activeKey, findKey, stagedKey } from './keys.ts'
import { movesBetween } from './advance.ts'
import { parseDocument } from './parse.ts'
import { destroy, expire, retire, withoutDue } from './retire.ts'
import { rollbackActivate, rollbackPublish, rollbackTarget } from './rollback.ts'
import { abort, begin, stage } from './stage.ts'

interface World {
  now: number
  document: RingDocument
  keys: number
  /** The document before each activation, by its generation. */
  before: Map<number, RingDocument>
  /** In which generation a person last took a key out. */
  takenOut: Map<string, number>
  destroyed: Set<string>
  restored: number
}
/** The verb, a number to choose a key with, and a flag. */
type Command = readonly [verb: string, pick: number, flag: boolean]
type Verb = (document: RingDocument, pick: number, flag: boolean, world: World) => RingDocument

const { grace, hold } = limits
const at = <Item>(list: readonly Item[], pick: number): Item | undefined => list[pick % list.length]
const kidOf = (document: RingDocument, pick: number): string => at(document.keys, pick)?.kid ?? ''
const fresh = (world: World) => newKey(`k${(world.keys += 1)}`, world.now)

const verbs: Readonly<Record<string, Verb>> = {
  import: (document, pick, force, world) =>
    stage(document, pick % 9 === 0 ? newKey(kidOf(document, pick)) : fresh(world), { force }),
  stage: (document, _, force, world) => {
    const key = fresh(world)
    return stage(document, key, { force, operation: operationOf(key.kid) })
  },
  begin: document => begin(document, operationOf(stagedKey(document)?.kid ?? '')),
  activate: (document, _, hard, { now, before }) => {
    const { operation } = document
    if (operation?.mode === 'rollback')
      return rollbackActivate(document, { kid: operation.kid, undoes: operation.undoes ?? 0, now, grace })
    before.set(document.generation + 1, document)
    return activate(document, { mode: hard ? 'hard' : 'graceful', now, grace, hold })
  },
  abort: document => abort(document),
  emergency: (document, _, __, world) => emergency(document, { fresh: fresh(world), now: world.now }),
  emergencyOfOne: (document, pick, keepSessions, world) =>
    emergency(document, { fresh: fresh(world), now: world.now, kid: kidOf(document, pick), keepSessions }),
  rollback: (document, pick, further, { now }) => {
    const to = further ? at(document.undo, pick)?.from : undefined
    const { key, undoes, held } = rollbackTarget(document, now, to)
    if (held) return rollbackActivate(document, { kid: key.kid, undoes, now, grace })
    return rollbackPublish(document, { key, undoes, held }, operationOf(key.kid, { mode: 'rollback' }))
  },
  retire: (document, pick, force, { now }) => retire(document, kidOf(document, pick), { now, force }),
  destroy: (document, pick) => destroy(document, kidOf(document, pick)),
  expire: (document, _, __, { now }) => expire(document, now),
}

/** One change as a writer makes it: what is due goes with it, and a refusal changes nothing. */
function apply(world: World, [name, pick, flag]: Command): void {
  if (name === 'wait') {
    world.now += at([1, hour, 20 * hour, 47 * hour, 49 * hour], pick) ?? 0
    return
  }
  const before = world.document
  const base = name === 'expire' ? before : withoutDue(before, world.now)
  let after: RingDocument | undefined
  try {
    after = verbs[name]?.(base, pick, flag, world)
  } catch (error) {
    if (!(error instanceof RingError)) throw error
  }
  if (!after || after === base) return
  if (['retire', 'destroy', 'import', 'stage'].includes(name))
    for (const [kid, , to] of movesBetween(base, after))
      if (to === 'suspended' || to === 'destroyed') world.takenOut.set(kid, after.generation)
  world.takenOut.delete(activeKey(after).kid)
  check(world, before, after)
  const undone = base.undo.findLast(({ from }) => from === activeKey(after).kid)
  const isRollback = base.operation?.mode === 'rollback' ? name === 'activate' : name === 'rollback'
  if (isRollback && undone && activeKey(after) !== activeKey(base)) checkRestored(world, undone, after)
  world.document = after
}

const ways: Readonly<Record<string, readonly string[]>> = {
  new: ['staged', 'active'],
  staged: ['active', 'retiring', 'suspended', 'compromised', 'destroyed'],
  active: ['retiring', 'suspended', 'compromised'],
  retiring: ['staged', 'active', 'suspended', 'compromised', 'destroyed'],
  suspended: ['staged', 'active', 'retiring', 'compromised', 'destroyed'],
  compromised: [],
}

function check(world: World, before: RingDocument, after: RingDocument): void {
  const fail = (what: string): never => expect.fail(`generation ${after.generation}: ${what}`)
  parseDocument(JSON.parse(JSON.stringify(after)))
  if (after.generation !== before.generation + 1) fail('does not follow the one before')
  if (after.keys.filter(({ state }) => state === 'active').length !== 1) fail('has not one active key')
  if (after.keys.filter(hasBytes).length > maxKeys) fail('holds too many keys')
  if (after.cutoff < after.floor || after.floor < before.floor) fail('has a cutoff below the floor')
  for (const [kid, from, to] of movesBetween(before, after)) {
    if (!ways[from]?.includes(to)) fail(`moves ${kid} from ${from} to ${to}`)
    if (from === 'new' && world.destroyed.has(kid)) fail(`brings back ${kid}`)
    if (to === 'destroyed') world.destroyed.add(kid)
  }
}

/** Earlier keys and the cutoff are as they were before the first undone rotation, apart from the clock. */
function checkRestored(world: World, first: Undo, after: RingDocument): void {
  const snapshot = world.before.get(first.generation)
  if (!snapshot) return expect.fail('an activation has no snapshot')
  world.restored += 1
  expect(after.cutoff).toBe(Math.max(snapshot.cutoff, after.floor))
  const wasTakenOut = (kid: string): boolean => (world.takenOut.get(kid) ?? 0) >= first.generation
  for (const was of snapshot.keys) {
    const is = findKey(after, was.kid)
    if (wasTakenOut(was.kid) || was.state === 'staged' || is?.state === 'compromised') continue
    const isOver = Math.min(was.verifyUntil ?? Infinity, was.holdUntil ?? Infinity) <= world.now
    const wanted = [was.kid, was.state, was.state === 'retiring' ? was.verifyUntil : undefined]
    const found = [is?.kid, is?.state, is?.state === 'retiring' ? is.verifyUntil : undefined]
    if (is || !isOver) expect(found).toEqual(wanted)
  }
  // Of the keys that came since, none stays suspended but those that a person took out.
  for (const { kid, state } of after.keys.filter(each => ['suspended', 'retiring'].includes(each.state))) {
    if (findKey(snapshot, kid)?.state === state) continue
    expect([kid, state]).toEqual([kid, wasTakenOut(kid) ? 'suspended' : 'retiring'])
  }
}

const newWorld = (): World => ({
  now: start,
  document: create('immonow/production', limits, newKey('k0', start), start),
  keys: 0,
  before: new Map(),
  takenOut: new Map(),
  destroyed: new Set(),
  restored: 0,
})

const copyOf = (world: World): World => ({
  ...world,
  before: new Map(world.before),
  takenOut: new Map(world.takenOut),
  destroyed: new Set(world.destroyed),
})

/** A world after so many forced rotations of that kind. */
function grown(count: number, hard: boolean): World {
  const world = newWorld()
  for (let index = 0; index < count; index += 1) {
    apply(world, ['stage', 0, true])
    apply(world, ['activate', 0, hard])
  }
  return world
}
const worlds = [newWorld(), grown(3, false), grown(3, true), grown(30, true), grown(30, false)]

const weighted = (weight: number, verb: string) => ({ weight, arbitrary: fc.constant(verb) })
const commands = fc.array(
  fc.tuple(
    fc.oneof(
      weighted(6, 'activate'),
      weighted(6, 'stage'),
      weighted(6, 'rollback'),
      weighted(4, 'wait'),
      ...['import', 'begin', 'abort', 'retire', 'destroy', 'emergencyOfOne'].map(verb => weighted(2, verb)),
      weighted(2, 'expire'),
      weighted(1, 'emergency'),
    ),
    fc.nat(999),
    fc.boolean(),
  ),
  { maxLength: 20, size: 'max' },
)

const patience = { timeout: 120_000 }

it(
  'any sequence of verbs keeps one active key, what is dead dead, the floor, and what a rollback restores',
  patience,
  () => {
    const first = fc.oneof(
      { weight: 6, arbitrary: fc.nat(2) },
      { weight: 1, arbitrary: fc.integer({ min: 3, max: 4 }) },
    )
    const seen = new Map<string, number>()
    let restored = 0
    fc.assert(
      fc.property(first, commands, (index, sequence) => {
        const world = copyOf(worlds[index] ?? newWorld())
        for (const command of sequence) {
          const { generation } = world.document
          apply(world, command)
          if (world.document.generation > generation) seen.set(command[0], (seen.get(command[0]) ?? 0) + 1)
        }
        restored += world.restored
      }),
      { numRuns: 10_000 },
    )
    // A property that no sequence reaches proves nothing.
    for (const verb of Object.keys(verbs)) expect([verb, (seen.get(verb) ?? 0) > 50]).toEqual([verb, true])
    expect(restored).toBeGreaterThan(1000)
  },
)
