/** CommitWatch: what must hold of every generation, at the moment at which it is committed. */
import { hashOf } from '../../src/ports/hash.ts'
import type { RingDocument } from '../../src/ring/document.ts'
import { isTrusted, keyOf, numberOf } from './key-facts.ts'
import type { Generation } from './virtual-store.ts'
import type { World } from './world.ts'

/** These take keys away from verifying, and say so in the trail. */
const revoking = new Set(['emergency', 'key.retire', 'epoch', 'rotate.activate hard'])

export class CommitWatch {
  /** When a kid became compromised for the first time, true milliseconds. */
  readonly compromised = new Map<string, number>()
  readonly #world: World

  constructor(world: World) {
    this.#world = world
  }

  onCommit(next: Generation, before: Generation): void {
    const { document } = next
    const { journal } = this.#world
    const verb = document.audit?.action.split(':')[0] ?? 'none'
    const action = verb === 'rotate.activate' ? `${verb} ${document.audit?.mode}` : verb
    const keys = document.keys.map(({ kid, state }) => `${journal.label('key-', kid)} ${state}`)
    journal.count(`commit ${action}`)
    journal.note(`generation ${numberOf(document)}: ${action}: ${keys.join(', ')}`)
    this.#checkChain(document, before.document)
    this.#checkStates(document, before.document, action)
    this.#checkAborted(document, before.document, action)
    this.#checkCompromised(next)
    this.#world.spread.onCommit(next, before, verb)
    this.#world.traffic.onCommit(next, before)
    this.#world.hub.announce()
  }

  #checkChain(document: RingDocument, before: RingDocument): void {
    const fail = (what: string): void =>
      this.#world.journal.violate(
        'generations are one chain',
        `generation ${numberOf(document)} after ${numberOf(before)}: ${what}`,
      )
    const { audit, epoch, generation } = document
    const isAfterBackup = audit?.action === 'emergency' && this.#world.store.isSetBack
    const isNewEpoch = audit?.action === 'epoch' || (isAfterBackup && epoch > before.epoch)
    if (isNewEpoch ? epoch <= before.epoch : epoch !== before.epoch) fail('the epoch is not the next one')
    if (isNewEpoch ? generation <= before.generation : generation !== before.generation + 1)
      fail('it is not the next one')
    if (document.parent !== hashOf(before)) fail('the hash of its parent does not fit')
    if (audit?.epoch !== epoch || audit.generation !== generation) fail('its entry is not its own')
    if (audit && before.audit && audit.prev !== hashOf(before.audit)) fail('its entry does not follow')
    if (document.nonce === '' || document.nonce === before.nonce) fail('its nonce is not fresh')
  }

  #checkStates(document: RingDocument, before: RingDocument, action: string): void {
    const { journal, hub, limits } = this.#world
    const fail = (what: string): void => journal.violate('one key signs, and no way back', what)
    const count = (state: string): number => document.keys.filter(key => key.state === state).length
    if (count('active') !== 1) fail(`${count('active')} keys are active`)
    if (count('staged') > 1) fail(`${count('staged')} keys are staged`)
    const now = Math.floor(hub.database.now() / 1000)
    for (const key of before.keys) {
      const after = keyOf(document, key.kid)
      const wasTrusted = key.state !== 'staged' && isTrusted(key, now)
      const isRefusedNow = wasTrusted && !isTrusted(after)
      if (isRefusedNow && !revoking.has(action))
        journal.violate(
          'no valid token is refused',
          `${action} turns ${journal.label('key-', key.kid)} from ${key.state} to ${after?.state ?? 'nothing'}`,
        )
      // The rest of the grace is for clocks that differ.
      const left = (after?.verifyUntil ?? Infinity) - now
      if (
        key.state === 'active' &&
        after?.state === 'retiring' &&
        left < limits.maxTokenLife + limits.maxStale
      )
        journal.violate('no valid token is refused', `${action} leaves a grace of ${left} s`)
    }
  }

  /** What an operation that is dropped had staged is what it was before. */
  #checkAborted(document: RingDocument, { operation }: RingDocument, action: string): void {
    if (action !== 'rotate.abort' || !operation?.former) return
    const state = keyOf(document, operation.kid)?.state
    if (state !== operation.former.state)
      this.#world.journal.violate(
        'no valid token is refused',
        `a rollback that was dropped leaves its key ${state ?? 'destroyed'}, not ${operation.former.state}`,
      )
  }

  #checkCompromised({ ring, document }: Generation): void {
    const { journal, scheduler } = this.#world
    for (const { kid, state } of document.keys)
      if (state === 'compromised' && !this.compromised.has(kid)) this.compromised.set(kid, scheduler.now)
    for (const kid of this.compromised.keys()) {
      const state = keyOf(document, kid)?.state
      const label = journal.label('key-', kid)
      if (ring.secrets.has(kid))
        journal.violate('compromised stays compromised', `the store holds bytes of ${label}`)
      if (state !== undefined && state !== 'compromised')
        journal.violate('compromised stays compromised', `${label} is ${state} again`)
    }
  }

  /** At the end: one entry for each generation that was committed, in order. */
  async checkTrail(): Promise<void> {
    const { store, journal } = this.#world
    const { entries } = await store.audit.read()
    const committed = store.history.map(({ document }) => document)
    const expected = committed.map(document => (document.audit ? hashOf(document.audit) : 'none'))
    const found = entries.map(hashOf)
    if (found.length === expected.length && found.every((hash, index) => hash === expected[index])) return
    journal.violate(
      'generations are one chain',
      `the trail holds ${found.length} entries for ${expected.length} generations, or not theirs`,
    )
  }
}
