/** Acknowledgements that somebody made up, with an access token that is right: none of them opens a gate. */
import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { createKeyring, generateSecret, Secret } from 'keyturn'
import { hashOf, type Lease } from 'keyturn/ports'
import { proofOf } from 'keyturn/rotation'
import { hub as hubSource } from 'keyturn/stores/hub'
import { describe, expect, it, onTestFinished } from 'vitest'
import { embeddedPostgres } from '../../../packages/server/test/postgres.ts'
import { hubOfFile } from '../../support/hub.ts'
import { contentOf, HandMadeInstance } from './hand-made-instance.ts'

const limits = { maxTokenLife: 600, maxStale: 60, tolerance: 2, grace: 900, hold: 900 }
const server = await embeddedPostgres()
const hub = hubOfFile(server)

describe.skipIf('cannot' in server)('an acknowledgement', () => {
  it('that is forged, replayed, old, or of another instance, ring or epoch leaves the gate shut; the right one opens it', async () => {
    const ring = await hub().ring(limits)
    const other = await hub().ring(limits)
    const honest = await createKeyring({
      source: hubSource({ url: hub().url, ring: ring.name, token: ring.token }),
      instance: 'honest',
      log: () => undefined,
    })
    onTestFinished(() => honest.close())
    const liar = await HandMadeInstance.join(ring)
    const before = liar.lease()
    // One rotation was acknowledged rightly: what it proved then must prove nothing now.
    const { id: first } = await ring.begin('/rotations', { force: true })
    const stop = liar.follow()
    const { generation: old } = await ring.ended(first)
    stop()
    const replayed = liar.lease()
    expect(replayed.generation).toBe(old)

    const { id } = await ring.begin('/rotations', { force: true })
    const content = await contentOf(ring)
    const { document, secrets } = content
    const right = liar.lease(content)
    const stagedKid = document.operation?.kid ?? expect.unreachable()
    const proofs = (secret: string, changes: object = {}, name = liar.name): Lease['proofs'] =>
      Object.fromEntries(
        Object.keys(right.proofs).map(kid => [
          kid,
          proofOf(
            new Secret(secret === '' ? (secrets[kid] ?? '') : secret),
            { ...document, ...changes },
            name,
          ),
        ]),
      )
    const random = (): string => randomBytes(32).toString('base64url')
    const { [stagedKid]: _, ...ofTheActiveKeyAlone } = right.proofs
    const forged: Record<string, Partial<Lease>> = {
      'no proof': { proofs: {} },
      'a proof of the active key alone': { proofs: ofTheActiveKeyAlone },
      'random proofs': { proofs: Object.fromEntries(Object.keys(right.proofs).map(kid => [kid, random()])) },
      'a proof by another key': { proofs: proofs(generateSecret()) },
      'a proof of the generation before': { proofs: proofs('', { generation: document.generation - 1 }) },
      'a proof with the nonce before': { proofs: proofs('', { nonce: liar.held.document.nonce }) },
      'a proof for another epoch': { proofs: proofs('', { epoch: document.epoch + 1 }) },
      'a proof for another ring': { proofs: proofs('', { ring: other.name }) },
      'a proof of another instance': { proofs: proofs('', {}, 'honest') },
      'the last lease again': { ...replayed },
      'the last lease, as if of the new generation': {
        ...replayed,
        generation: document.generation,
        hash: hashOf(document),
      },
      'the first lease again': { ...before },
      'a clock that is five minutes ahead': { sentAt: Date.now() + 300_000 },
      'a refusal': { nack: { generation: document.generation, code: 'ERR_RING_INVALID' } },
    }
    for (const [what, changes] of Object.entries(forged)) {
      await liar.put({ ...right, sentAt: Date.now(), ...changes })
      // The gate is looked at twenty times a second.
      await pause(150)
      const shown = (await ring.fleet()).find(({ instance }) => instance === liar.name)
      expect(shown?.standing, what).not.toBe('acknowledged')
      expect((await ring.document()).operation?.id, what).toBe(id)
    }
    // In the name of another instance, with a proof of one's own.
    const stolen = { ...right, instance: 'honest', sentAt: Date.now() }
    const refused = await ring.ask('PUT', `/leases/${liar.name}`, { body: stolen, token: ring.token })
    expect(refused).toMatchObject({ status: 400, code: 'ERR_REQUEST_INVALID' })
    const foreign = await other.ask('PUT', `/leases/${liar.name}`, {
      body: { ...right, ring: other.name },
      token: ring.token,
    })
    expect(foreign).toMatchObject({ status: 403 })
    const controller = { ...right, role: 'controller' }
    expect(
      await ring.ask('PUT', `/leases/${liar.name}`, { body: controller, token: ring.token }),
    ).toMatchObject({ status: 400 })

    liar.held = content
    await liar.put()
    const go = liar.follow()
    expect(await ring.ended(id)).toMatchObject({ id, state: 'done', problem: null })
    go()
  })

  it('of a ring that the hub never had halts changes, as after a restored backup, and opens no gate', async () => {
    const ring = await hub().ring(limits)
    const liar = await HandMadeInstance.join(ring)
    const { id } = await ring.begin('/rotations')
    const content = await contentOf(ring)
    await liar.put({ ...liar.lease(content), hash: randomBytes(32).toString('base64url') })
    const view = await ring.ended(id)
    expect(view).toMatchObject({ state: 'failed', problem: { code: 'ERR_RING_REGRESSED' } })
    expect((await ring.document()).keys.map(({ state }) => state).sort()).toEqual(['active', 'staged'])
    expect(await ring.ask('POST', '/rotations', { body: { reason: 'x' } })).toMatchObject({ status: 409 })
  })
})
