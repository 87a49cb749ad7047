/** What instances are given: keys, and nothing that is not theirs; and what their leases say. */
import { createKeyring, type Secret } from 'keyturn'
import { hub as hubSource } from 'keyturn/stores/hub'
import { describe, expect, it } from 'vitest'
import { routes } from '../src/http/routes.ts'
import { pathOf, startHub, type Answer, type Credentials, type TestHub } from './running-hub.ts'
import { sampleLease, sampleRequest } from './sample-requests.ts'
import { silentInstance } from './silent-instance.ts'

const ring = 'immonow/production'
const path = pathOf(ring)
const keyring = `GET ${path}/keyring`
const reason = 'because of the test'

async function newHub() {
  const hub = await startHub()
  await hub.ring(ring)
  return { hub, as: await hub.token(`instance:${ring}`), admin: await hub.token('admin') }
}

async function rotate(hub: TestHub, as: Credentials, mode: string): Promise<void> {
  const body = { reason, mode, noFleet: true }
  const { json } = await hub.expect(202, `POST ${path}/rotations`, { as, body })
  await hub.ended(path, json['id'] as string, as)
}

const secretsOf = async (hub: TestHub, name: string): Promise<ReadonlyMap<string, Secret>> =>
  (await hub.hub.feed.confirmed(name))?.ring.secrets ?? new Map<string, Secret>()

/** A secret in every form in which it may slip out. */
function formsOf(secret: Secret): readonly string[] {
  const text = secret.reveal()
  const bytes = Buffer.from(text)
  const all = [text, bytes.toString('hex'), bytes.toString('base64'), bytes.toString('base64url')]
  const pieces = [text.slice(0, 12), text.slice(-12)]
  return [...all, ...all.map(each => [...each].reverse().join('')), ...pieces]
}

describe('the keyring', () => {
  it('is sent once, and again only when it has changed', async () => {
    const { hub, as, admin } = await newHub()
    const first = await hub.expect(200, keyring, { as })
    const { state } = (await hub.hub.feed.confirmed(ring)) ?? {}
    const etag = `"${state?.epoch}.${state?.generation}.${state?.hash}"`
    expect(first.headers).toMatchObject({ etag, 'cache-control': 'no-store' })
    expect(Math.abs(Number(first.headers['x-keyturn-now']) - Date.now())).toBeLessThan(10_000)
    const same = await hub.expect(304, keyring, { as, headers: { 'if-none-match': etag } })
    expect(same.text).toBe('')
    expect(same.headers.etag).toBe(etag)
    await rotate(hub, admin, 'graceful')
    const next = await hub.expect(200, keyring, { as, headers: { 'if-none-match': etag } })
    expect(next.headers.etag).not.toBe(etag)
    const { document, secrets } = next.json as { document: { generation: number }; secrets: object }
    expect(document.generation).toBe(3)
    expect(Object.keys(secrets)).toHaveLength(2)
  })

  it('has no bytes of a key that is suspended or compromised', async () => {
    const { hub, as, admin } = await newHub()
    const before = await secretsOf(hub, ring)
    await rotate(hub, admin, 'hard')
    const { text, json } = await hub.expect(200, keyring, { as })
    const { document, secrets } = json as {
      document: { keys: readonly { kid: string; state: string }[] }
      secrets: Record<string, string>
    }
    expect(document.keys.map(({ state }) => state).sort()).toEqual(['active', 'suspended'])
    expect(Object.keys(secrets)).toEqual(
      document.keys.filter(key => key.state === 'active').map(key => key.kid),
    )
    for (const secret of before.values()) for (const form of formsOf(secret)) expect(text).not.toContain(form)
    const body = { reason, confirm: ring, timeout: 100 }
    const { json: view } = await hub.expect(202, `POST ${path}/emergency`, { as: admin, body })
    await hub.ended(path, view['id'] as string, admin)
    const after = await hub.expect(200, keyring, { as })
    for (const secret of Object.values(secrets)) expect(after.text).not.toContain(secret)
  })

  it('is what an application starts from, which then shows that it holds it', async () => {
    const { hub, admin } = await newHub()
    const [application] = await hub.keyrings(ring, 1)
    const token = application?.sign({ sub: 'anna' }, { expiresIn: '5m' }) ?? ''
    expect((await application?.authenticate(token))?.payload.sub).toBe('anna')
    const { json } = await hub.expect(200, `GET ${path}/fleet`, { as: admin })
    expect(json).toMatchObject({
      acknowledged: true,
      instances: [{ instance: 'backend-1', standing: 'acknowledged' }],
    })
    await application?.close()
    const empty = await hub.expect(200, `GET ${path}/fleet`, { as: admin })
    expect(empty.json).toMatchObject({ acknowledged: false, instances: [] })
  })
})

describe('a halted ring', () => {
  it('is given to nobody and not changed until a new epoch begins, and says why', async () => {
    const { hub, as, admin } = await newHub()
    const silent = await silentInstance(hub, ring)
    await silent.show({ generation: 9 })
    const halted = await hub.refused('ERR_RING_REGRESSED', keyring, { as })
    expect(halted.status).toBe(503)
    expect(Number(halted.headers['retry-after'])).toBeGreaterThan(0)
    expect(halted.json['detail']).toContain('silent-1 has seen generation 9')
    await expect(hub.keyrings(ring, 1)).rejects.toMatchObject({ code: 'ERR_RING_REGRESSED' })
    const view = await hub.expect(200, `GET ${path}`, { as: admin })
    expect(view.json['halted']).toContain('silent-1')
    expect((await hub.expect(200, 'GET /metrics')).text).toContain(`keyturn_ring_halted{ring="${ring}"} 1`)
    const changes: readonly (readonly [string, object?])[] = [
      [`POST ${path}/rotations`, { reason, noFleet: true }],
      [`POST ${path}/rollbacks`, { reason, noFleet: true }],
      [`POST ${path}/keys`, { reason, secret: (await secretsOf(hub, ring)).values().next().value?.reveal() }],
    ]
    for (const [what, body] of changes) {
      const { status } = await hub.refused('ERR_RING_REGRESSED', what, { as: admin, body })
      expect(status, what).toBe(409)
    }
    await hub.expect(200, `POST ${path}/epoch`, { as: admin, body: { reason } })
    const given = await hub.expect(200, keyring, { as })
    expect(given.json['document']).toMatchObject({ epoch: 1 })
    expect((await hub.keyrings(ring, 1))[0]?.epoch).toBe(1)
  })

  it('does not stand in the way of an emergency, after which it is given again', async () => {
    const { hub, as, admin } = await newHub()
    const silent = await silentInstance(hub, ring)
    await silent.show({ generation: 9 })
    await hub.refused('ERR_RING_REGRESSED', keyring, { as })
    const body = { reason, confirm: ring, timeout: 100 }
    const { json } = await hub.expect(202, `POST ${path}/emergency`, { as: admin, body })
    expect((await hub.ended(path, json['id'] as string, admin)).outcome?.compromised).toHaveLength(1)
    const given = await hub.expect(200, keyring, { as })
    expect(given.json['document']).toMatchObject({ epoch: 1, generation: 10 })
  })
})

describe('a lease', () => {
  it('is taken from an instance of that ring alone, in its own name, as an instance', async () => {
    const { hub, as } = await newHub()
    await hub.ring('immonow/staging')
    const put = `PUT ${path}/leases/backend-1`
    const lease = (changes: object): object => ({ ...sampleLease(ring, 'backend-1'), ...changes })
    const { headers } = await hub.expect(204, put, { as, body: lease({}) })
    expect(Math.abs(Number(headers['x-keyturn-now']) - Date.now())).toBeLessThan(10_000)
    const wrong = [
      { ring: 'immonow/staging' },
      { instance: 'backend-2' },
      { role: 'controller' },
      { v: 2 },
      { generation: -1 },
      { kids: 'all' },
      { counters: { verified: { a: -1 } } },
      { sentAt: 'now' },
    ]
    for (const changes of wrong) {
      const body = lease(changes)
      expect((await hub.refused('ERR_REQUEST_INVALID', put, { as, body })).status).toBe(400)
    }
    const staging = await hub.token('instance:immonow/staging')
    await hub.refused('ERR_AUTH_FORBIDDEN', put, { as: staging, body: lease({}) })
    const { json } = await hub.expect(200, `GET ${path}/fleet`, { as: await hub.token('read') })
    expect(json['instances']).toHaveLength(1)
  })

  it('is that of a ring which is there, and spoils no other', async () => {
    const { hub, as } = await newHub()
    const ghost = await hub.token('instance:immonow/ghost')
    const [lost, stored] = await Promise.all([
      hub.call(`PUT ${pathOf('immonow/ghost')}/leases/a`, {
        as: ghost,
        body: sampleLease('immonow/ghost', 'a'),
      }),
      hub.call(`PUT ${path}/leases/b`, { as, body: sampleLease(ring, 'b') }),
    ])
    expect(lost.json['code']).toBe('ERR_STORE_MISSING')
    expect(stored.status).toBe(204)
  })

  it('shows no proof, to nobody', async () => {
    const { hub, admin } = await newHub()
    await silentInstance(hub, ring)
    const rows = await hub.hub.database.db.selectFrom('leases').select('lease').execute()
    const { proofs } = JSON.parse(rows[0]?.lease ?? '{}') as { proofs: Record<string, string> }
    expect(Object.keys(proofs)).toHaveLength(1)
    for (const what of [`GET ${path}`, `GET ${path}/fleet`, `GET ${path}/fleet/silent-1`])
      for (const proof of Object.values(proofs))
        expect((await hub.expect(200, what, { as: admin })).text).not.toContain(proof)
  })
})

describe('a start without the hub', () => {
  it('is refused with the reason, for a token of another ring or none', async () => {
    const { hub } = await newHub()
    const { text } = await hub.token('instance:immonow/staging')
    for (const token of [text, 'kt_garbage']) {
      const source = hubSource({ url: hub.url, ring, token })
      await expect(createKeyring({ source, env: {}, log: () => undefined })).rejects.toMatchObject({
        code: 'ERR_STORE_DENIED',
      })
    }
  })
})

describe('no answer but the keyring', () => {
  it('holds a secret of the ring, in whatever form', async () => {
    const { hub, as, admin } = await newHub()
    await silentInstance(hub, ring)
    const secrets = new Map(await secretsOf(hub, ring))
    const remember = async (): Promise<void> => {
      for (const [kid, secret] of await secretsOf(hub, ring)) secrets.set(kid, secret)
    }
    const session = await hub.session('admin')
    const answers: (readonly [string, Answer])[] = []
    for (const round of [1, 2])
      for (const { method, url, access } of routes) {
        const name = `${method} ${url}`
        if (url === '/v1/rings/:ring/keyring' || name === 'DELETE /v1/session') continue
        // The same for everybody, and for a ring that has changed.
        const callers = access !== 'public' ? [as, admin, session] : round === 1 ? [as] : []
        const kid = [...secrets.keys()].at(-1) ?? ''
        const { what, ...request } = sampleRequest(name, { ring, kid, tokenId: 'none', operator: 'nobody' })
        const headers = url === '/v1/forward-auth' ? { 'x-keyturn-token': as.text } : {}
        for (const caller of callers)
          answers.push([`${round} ${what}`, await hub.call(what, { as: caller, headers, ...request })])
        await remember()
        await hub.hub.rotations.settled()
        await remember()
      }
    for (const { id } of await hub.hub.records.list(ring, 200))
      answers.push([id, await hub.call(`GET ${path}/rotations/${id}`, { as: admin })])
    expect(secrets.size).toBeGreaterThan(5)
    expect(answers.length).toBeGreaterThan(routes.length * 4)
    expect(answers.filter(([, { status }]) => status < 300).length).toBeGreaterThan(routes.length)
    const forms = [...secrets.values()].flatMap(formsOf)
    for (const [what, { text, headers }] of answers) {
      const said = text + JSON.stringify(headers)
      expect(forms.filter(form => said.includes(form)).length, what).toBe(0)
    }
  })
})
