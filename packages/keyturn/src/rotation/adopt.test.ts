/** How a ring that people keep by hand becomes Keyturn's, over a store that tells of edits. */
import { describe, expect, it } from 'vitest'
import { grounds } from '../../test/fleet-fixtures.ts'
import { freshSecret, limits, statesOf } from '../../test/ring-fixtures.ts'
import { VirtualClock } from '../../test/virtual-clock.ts'
import { memoryAudit, memoryLeases, memoryStore } from '../ports/memory.ts'
import type { HandEdit, Ring } from '../ports/ring-store.ts'
import { emptyDocument } from '../ring/adopt.ts'
import { activeKey, getKey } from '../ring/keys.ts'
import type { RingDocument } from '../ring/document.ts'
import { kidOf } from '../secret/kid.ts'
import { Secret } from '../secret/secret.ts'
import { adoptEdit, initRing, reconciled } from './adopt.ts'
import type { RotationContext, RotationEvent } from './context.ts'

const ring = 'immonow/production'
const request = { ...grounds, ring, limits }
const weakText = 'django-insecure-0123456789-abcdefghijklmnopqrstuvw'

function contextOf(found?: Ring): RotationContext & { actions(): Promise<string[]> } {
  const clock = new VirtualClock()
  const audit = memoryAudit()
  const store = memoryStore({ ...(found && { ring: found }), audit, clock })
  const actions = async (): Promise<string[]> => (await audit.read()).entries.map(({ action }) => action)
  return { store, leases: memoryLeases(clock), clock, actor: 'a test', actions }
}

/** A ring as a person set it: one secret and no record. */
function byHand(secret: Secret): Ring {
  const kid = kidOf(secret.reveal())
  const key = { kid, state: 'active', alg: 'HS256', createdAt: null } as const
  return { document: emptyDocument('default/default', limits, [key]), secrets: new Map([[kid, secret]]) }
}

const documentIn = async ({ store }: RotationContext): Promise<RingDocument> => {
  const found = await store.read()
  if (!found) throw new Error('the store is empty')
  return found.document
}

describe('initRing', () => {
  it('creates a ring where there is none, and twice is once', async () => {
    const context = contextOf()
    expect(await initRing(context, { ...request, alg: 'HS384' })).toMatchObject({ kind: 'created' })
    const again = await initRing(context, request)
    expect(again).toMatchObject({ kind: 'unchanged', document: { generation: 1, keys: [{ alg: 'HS384' }] } })
  })

  it('takes over a good secret as it is, under the name and durations asked for', async () => {
    const { kid, secret } = freshSecret()
    const context = contextOf(byHand(secret))
    const { kind, document } = await initRing(context, {
      ...request,
      limits: { ...limits, maxTokenLife: 900 },
    })
    expect(kind).toBe('initialised')
    expect(document).toMatchObject({ ring, generation: 1, limits: { maxTokenLife: 900 }, parent: '' })
    expect(activeKey(document).kid).toBe(kid)
  })

  it('refuses a weak secret with the way out, and changes nothing', async () => {
    const context = contextOf(byHand(new Secret(weakText)))
    await expect(initRing(context, request)).rejects.toMatchObject({
      code: 'ERR_CONFIG_SECRET_WEAK',
      message: expect.stringContaining('--adopt'),
    })
    expect((await documentIn(context)).generation).toBe(0)
  })

  it('adopts a weak secret as legacy, with a random kid, and signs with a fresh one', async () => {
    const context = contextOf(byHand(new Secret(weakText)))
    const { kind, document } = await initRing(context, { ...request, adopt: true, aliases: ['key-1'] })
    const legacy = getKey(document, 'key-1')
    expect(kind).toBe('adopted')
    expect(legacy).toMatchObject({ state: 'retiring', legacy: true })
    expect(legacy.kid).not.toBe(kidOf(weakText))
    const found = await context.store.read()
    expect(found?.secrets.get(legacy.kid)?.reveal()).toBe(weakText)
    expect(found?.secrets.get(activeKey(document).kid)?.reveal()).toHaveLength(64)
    expect(await context.actions()).toEqual(['init.adopt'])
  })
})

describe('adoptEdit', () => {
  const old = freshSecret()
  const fresh = freshSecret()

  async function edited(
    change: Partial<HandEdit>,
  ): Promise<{ context: ReturnType<typeof contextOf>; found: Ring }> {
    const context = contextOf(byHand(old.secret))
    await initRing(context, request)
    const found = await context.store.read()
    if (!found) throw new Error('the store is empty')
    return {
      context,
      found: { ...found, edited: { active: old.secret, retiring: [], suspended: [], ...change } },
    }
  }

  it.each<readonly [string, Partial<HandEdit>, readonly string[]]>([
    ['hard', { active: fresh.secret }, ['suspended', 'active']],
    ['graceful', { active: fresh.secret, retiring: [old.secret] }, ['retiring', 'active']],
    ['lists', { staged: fresh.secret }, ['active', 'staged']],
  ])('takes a %s edit over as one generation, edited by hand', async (kind, change, states) => {
    const { context, found } = await edited(change)
    const kinds: string[] = []
    const report = (event: RotationEvent): void => void (event.type === 'adopted' && kinds.push(event.kind))
    const { document } = await adoptEdit({ ...context, report }, found)
    expect(statesOf(document, old.kid, fresh.kid)).toEqual(states)
    expect(kinds).toEqual([kind])
    expect(document.audit).toMatchObject({ generation: 2, action: 'edit', reason: 'edited by hand' })
    expect((await context.store.read())?.edited).toBeUndefined()
  })

  it('is the same ring for a process that cannot write', async () => {
    const { context, found } = await edited({ active: fresh.secret })
    const alone = reconciled(found, Math.floor(context.clock.now() / 1000))
    const { keys } = (await adoptEdit(context, found)).document
    expect(alone.document.keys).toEqual(keys)
    expect(alone.secrets.get(fresh.kid)?.reveal()).toBe(fresh.secret.reveal())
    expect(await context.actions()).toEqual(['init', 'edit'])
  })

  it('refuses a weak value, and leaves what was there', async () => {
    const { context, found } = await edited({ active: new Secret(weakText) })
    await expect(adoptEdit(context, found)).rejects.toMatchObject({ code: 'ERR_CONFIG_SECRET_WEAK' })
    expect((await documentIn(context)).generation).toBe(1)
  })

  it('is done by one of several that start at once', async () => {
    const { context, found } = await edited({ active: fresh.secret })
    const ends = await Promise.allSettled(Array.from({ length: 8 }, () => adoptEdit(context, found)))
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await context.actions()).toEqual(['init', 'edit'])
  })

  it('has nothing to do where nothing was edited', async () => {
    const { context, found } = await edited({})
    const { edited: _, ...plain } = found
    expect(await adoptEdit(context, plain)).toBe(plain)
    expect(reconciled(plain, 0)).toBe(plain)
  })
})
