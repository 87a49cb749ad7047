/** What else changes a ring over the API: rollbacks, emergencies, keys that come and go, a new epoch. */
import { generateSecret, Secret } from 'keyturn'
import { change } from 'keyturn/rotation'
import { describe, expect, it } from 'vitest'
import type { RotationView } from '../src/rotations/rotation-view.ts'
import { pathOf, startHub, type Credentials, type TestHub, viewIn } from './running-hub.ts'
import { sampleLease } from './sample-requests.ts'
import { silence, silentInstance } from './silent-instance.ts'

const ring = 'immonow/production'
const path = pathOf(ring)
const reason = 'because of the test'
const alone = { reason, noFleet: true }

async function newHub() {
  const hub = await startHub()
  await hub.ring(ring)
  return { hub, as: await hub.token('operate') }
}

/** Starts what changes the ring, and follows it to its end. */
async function run(hub: TestHub, as: Credentials, what: string, body: object): Promise<RotationView> {
  const { id } = viewIn(await hub.expect(202, `POST ${path}/${what}`, { as, body }))
  return hub.ended(path, id, as)
}

const signing = async (hub: TestHub): Promise<string> =>
  (await hub.document(ring)).keys.find(({ state }) => state === 'active')?.kid ?? ''

describe('a rollback', () => {
  it('is direct while every instance holds the key still', async () => {
    const { hub, as } = await newHub()
    const [keyring] = await hub.keyrings(ring, 1)
    const before = await signing(hub)
    const token = keyring?.sign({ sub: 'anna' }, { expiresIn: '5m' }) ?? ''
    await run(hub, as, 'rotations', { reason, mode: 'graceful' })
    const between = keyring?.sign({ sub: 'bert' }, { expiresIn: '5m' }) ?? ''
    const back = await run(hub, as, 'rollbacks', { reason })
    expect(back).toMatchObject({ kind: 'rollback', mode: 'rollback', state: 'done', kid: before })
    expect(back.outcome).toMatchObject({ sessionsRestored: false, acknowledged: 1 })
    expect(back.events.some(({ type }) => type === 'staged')).toBe(false)
    for (const old of [token, between]) expect((await keyring?.authenticate(old))?.kid).toBeTruthy()
  })

  it('is staged where the key has to come back, and brings the sessions back', async () => {
    const { hub, as } = await newHub()
    const [keyring] = await hub.keyrings(ring, 1)
    const before = await signing(hub)
    const stamp = keyring?.sessionStamp() ?? { generation: 0, kid: '' }
    const token = keyring?.sign({ sub: 'anna' }, { expiresIn: '5m' }) ?? ''
    await run(hub, as, 'rotations', { reason, mode: 'hard' })
    expect(keyring?.sessionEnded(stamp)).toBe(true)
    await expect(keyring?.authenticate(token)).rejects.toMatchObject({ code: 'ERR_KEY_SUSPENDED' })
    const back = await run(hub, as, 'rollbacks', { reason })
    expect(back).toMatchObject({ state: 'done', kid: before, outcome: { sessionsRestored: true } })
    expect(back.events.some(({ type }) => type === 'staged')).toBe(true)
    expect(keyring?.sessionEnded(stamp)).toBe(false)
    expect((await keyring?.authenticate(token))?.payload.sub).toBe('anna')
  })
})

describe('an emergency', () => {
  it('kills every key, names who has used which token from where, and ends these tokens if asked to', async () => {
    const { hub, as } = await newHub()
    const instance = await hub.token(`instance:${ring}`)
    const elsewhere = await hub.token('instance:immonow/staging')
    await silentInstance(hub, ring)
    await hub.expect(200, `GET ${path}/keyring`, { as: instance })
    const stream = await hub.open(`GET ${path}/keyring/watch`, { headers: instance.headers })
    const ended = new Promise(resolve => stream.on('data', () => undefined).on('close', resolve))
    const before = await signing(hub)
    await hub.refused('ERR_USAGE_CONFIRM', `POST ${path}/emergency`, { as, body: { reason, confirm: 'yes' } })
    await hub.expect(200, `GET ${path}/keyring`, { as: instance })

    const body = { reason, confirm: ring, revokeTokens: true, timeout: 100 }
    const view = await run(hub, as, 'emergency', body)
    await ended
    expect(view).toMatchObject({ kind: 'emergency', mode: 'emergency', cause: 'compromised' })
    // It is made, whoever lags.
    expect(view).toMatchObject({ state: 'done', outcome: { acknowledged: 0, compromised: [before] } })
    const shown = { id: instance.id, name: 'test', addresses: ['127.0.0.1'], revoked: true }
    expect(view.outcome?.tokens).toContainEqual(shown)
    expect(view.outcome?.tokens?.map(({ id }) => id)).not.toContain(elsewhere.id)
    expect(view.outcome?.unconfirmed).toMatchObject([{ instance: 'silent-1' }])
    const { keys } = await hub.document(ring)
    expect(keys.find(({ kid }) => kid === before)?.state).toBe('compromised')
    await hub.refused('ERR_AUTH_INVALID', `GET ${path}/keyring`, { as: instance })
    for (const other of [elsewhere, as]) await hub.expect(200, 'GET /v1/whoami', { as: other })
  })

  it('says in its outcome which tokens there are, and who has not confirmed', async () => {
    const { hub, as } = await newHub()
    const instance = await hub.token(`instance:${ring}`)
    await hub.expect(200, `GET ${path}/keyring`, { as: instance })
    const silent = await silentInstance(hub, ring)
    await silence(hub, silent.instance, 60)
    const before = await signing(hub)
    const view = await run(hub, as, 'emergency', { reason, confirm: ring, timeout: 2_000 })
    expect(view).toMatchObject({ state: 'done', outcome: { compromised: [before], acknowledged: 0 } })
    const { tokens = [], unconfirmed = [] } = view.outcome ?? {}
    expect(tokens).toContainEqual({ id: instance.id, name: 'test', addresses: ['127.0.0.1'], revoked: false })
    expect(unconfirmed).toMatchObject([{ instance: 'silent-1' }])
    expect(Date.parse(unconfirmed[0]?.stopsBy ?? '')).toBeGreaterThan(Date.now())
    await hub.expect(200, 'GET /v1/whoami', { as: instance })
  })

  it('ends no token when it is refused', async () => {
    const { hub, as } = await newHub()
    const instance = await hub.token(`instance:${ring}`)
    const body = { reason, confirm: ring, kid: 'none', revokeTokens: true }
    await hub.refused('ERR_RING_KEY_NOT_FOUND', `POST ${path}/emergency`, { as, body })
    await hub.expect(200, `GET ${path}/keyring`, { as: instance })
    expect((await hub.document(ring)).generation).toBe(1)
  })

  it('kills one key, and leaves the sessions if asked to', async () => {
    const { hub, as } = await newHub()
    const old = await signing(hub)
    await run(hub, as, 'rotations', { ...alone, mode: 'graceful' })
    const kept = await signing(hub)
    const body = { reason, confirm: ring, kid: old, keepSessions: true, timeout: 100 }
    expect(await run(hub, as, 'emergency', body)).toMatchObject({
      outcome: { compromised: [old], kid: kept },
    })
    expect(await hub.document(ring)).toMatchObject({ cutoff: 0 })
  })
})

describe('a key', () => {
  it('is imported, rotated to, retired, destroyed, and known again by its secret', async () => {
    const { hub, as } = await newHub()
    const first = await signing(hub)
    const secret = generateSecret()
    const imported = await hub.expect(201, `POST ${path}/keys`, {
      as,
      body: { reason, secret, aliases: ['old'] },
    })
    const kid = imported.json['kid'] as string
    expect(imported.json).toEqual({ ring, generation: 2, kid })
    await hub.refused('ERR_RING_STAGED', `POST ${path}/keys`, {
      as,
      body: { reason, secret: generateSecret() },
    })
    expect(await run(hub, as, 'rotations', { ...alone, mode: 'graceful' })).toMatchObject({ kid })
    await hub.refused('ERR_RING_KEY_EXISTS', `POST ${path}/keys`, { as, body: { reason, secret } })
    const retire = `POST ${path}/keys/${first}/retire`
    await hub.refused('ERR_RING_KEY_OUTSTANDING', retire, { as, body: { reason } })
    await hub.expect(200, retire, { as, body: { reason, force: true } })
    const destroy = `POST ${path}/keys/${first}/destroy`
    await hub.refused('ERR_RING_KEY_ACTIVE', `POST ${path}/keys/${kid}/destroy`, { as, body: { reason } })
    await hub.expect(200, destroy, { as, body: { reason } })
    expect((await hub.document(ring)).keys.map(each => each.kid)).not.toContain(first)
    const read = await hub.token('read')
    const tokenOf = (header: object): string =>
      `${Buffer.from(JSON.stringify(header)).toString('base64url')}.e30.x`
    for (const body of [{ token: tokenOf({ kid }) }, { token: tokenOf({ kid: 'old' }) }, { secret }]) {
      const { json } = await hub.expect(200, 'POST /v1/identify', { as: read, body })
      expect(json).toMatchObject({ ring, kid, state: 'active' })
    }
    for (const body of [{ secret: generateSecret() }, { token: 'e30.e30.x' }])
      await hub.refused('ERR_RING_KEY_NOT_FOUND', 'POST /v1/identify', { as: read, body })
  })

  it('is known by its secret in any ring, also one with a name of its own', async () => {
    const { hub } = await newHub()
    await hub.ring('immonow/staging')
    const legacy = 'an old and rather short secret'
    await change(hub.hub.contextOf('immonow/staging', 'test'), {
      deed: { action: 'adopt', reason },
      secrets: new Map([['legacy-1', new Secret(legacy)]]),
      apply: (before, now) => ({
        ...before,
        generation: before.generation + 1,
        keys: [
          ...before.keys,
          {
            kid: 'legacy-1',
            state: 'retiring',
            alg: 'HS256',
            createdAt: null,
            verifyUntil: now + 600,
            legacy: true,
          },
        ],
      }),
    })
    const as = await hub.token('read')
    const { json } = await hub.expect(200, 'POST /v1/identify', { as, body: { secret: legacy } })
    expect(json).toMatchObject({
      ring: 'immonow/staging',
      kid: 'legacy-1',
      state: 'retiring',
      createdAt: null,
    })
    await hub.refused('ERR_RING_KEY_NOT_FOUND', 'POST /v1/identify', { as, body: { secret: `${legacy}.` } })
  })

  it('loses its bytes once its time has come', async () => {
    const hub = await startHub()
    await hub.ring(ring, { maxTokenLife: 1, maxStale: 1, tolerance: 0, grace: 2, hold: 1, lease: 1 })
    const as = await hub.token('operate')
    const old = await signing(hub)
    await run(hub, as, 'rotations', { ...alone, mode: 'hard' })
    expect((await hub.document(ring)).keys.find(({ kid }) => kid === old)?.state).toBe('suspended')
    const kids = async (): Promise<unknown> => {
      const { json } = await hub.expect(200, `POST ${path}/erase`, { as })
      expect(json).toMatchObject({ ring, erased: expect.any(Array) as unknown })
      return (await hub.document(ring)).keys.map(({ kid }) => kid)
    }
    await expect.poll(kids, { timeout: 10_000, interval: 200 }).not.toContain(old)
    const { json } = await hub.expect(200, `GET ${path}/audit`, { as })
    expect(JSON.stringify(json['entries'])).toContain('"action":"erase"')
    expect(json['notes']).toEqual([])
    const rows = await hub.hub.database.db.selectFrom('rings').select('secrets').execute()
    expect(JSON.stringify(rows)).not.toContain(old)
  })
})

describe('a new epoch', () => {
  it('goes past everything that was seen, and keeps what is compromised dead', async () => {
    const { hub } = await newHub()
    const as = await hub.token('admin')
    const old = await signing(hub)
    await run(hub, as, 'rotations', { ...alone, mode: 'graceful' })
    const silent = await silentInstance(hub, ring)
    await silent.show({ epoch: 2, generation: 40 })
    const body = { reason, compromised: [old] }
    await hub.refused('ERR_AUTH_FORBIDDEN', `POST ${path}/epoch`, { as: await hub.token('operate'), body })
    const { json } = await hub.expect(200, `POST ${path}/epoch`, { as, body })
    expect(json).toMatchObject({ ring, epoch: 3 })
    expect(json['generation']).toBeGreaterThan(40)
    expect((await hub.document(ring)).keys.find(({ kid }) => kid === old)?.state).toBe('compromised')
  })

  it('can always begin: nobody claims to have seen a generation that cannot be counted on from', async () => {
    const { hub } = await newHub()
    const instance = await hub.token(`instance:${ring}`)
    for (const far of [{ generation: Number.MAX_SAFE_INTEGER }, { epoch: Number.MAX_SAFE_INTEGER }]) {
      const body = sampleLease(ring, 'backend-1', far)
      await hub.refused('ERR_REQUEST_INVALID', `PUT ${path}/leases/backend-1`, { as: instance, body })
    }
    const far = sampleLease(ring, 'backend-1', { generation: 1_000_000 })
    await hub.expect(204, `PUT ${path}/leases/backend-1`, { as: instance, body: far })
    const as = await hub.token('admin')
    const { json } = await hub.expect(200, `POST ${path}/epoch`, { as, body: { reason } })
    expect(json).toMatchObject({ epoch: 1, generation: 1_000_001 })
  })
})
