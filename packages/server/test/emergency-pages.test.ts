/** An emergency from plain forms: the question, its course, and the report. */
import { describe, expect, it, vi } from 'vitest'
import { UnfinishedRequest } from '../src/http/idempotency-keys.ts'
import { PageClient, hiddenIn } from './page-client.ts'
import { startHub, type Answer, type TestHub } from './running-hub.ts'
import { silence, silentInstance } from './silent-instance.ts'

const ring = 'immonow/production'
const address = `/emergency?ring=${encodeURIComponent(ring)}`
const planted = '<img src=x onerror=alert(1)>'
const right = { cause: 'breach', reason: 'found in a gist', confirm: ring }

async function newHub() {
  const hub = await startHub()
  await hub.ring(ring)
  return { hub, client: await PageClient.of(hub, 'operator') }
}

/** Opens the form and sends it. */
async function send(client: PageClient, fields: object = {}): Promise<Answer> {
  const page = await client.get(address)
  return client.post('/emergency', { ...hiddenIn(page), ...right, ...fields })
}

const rotations = ({ hub }: TestHub) => hub.records.list(ring, 10)

/** The page of an emergency once it has ended. */
async function ended(client: PageClient, path: string): Promise<Answer> {
  let page = await client.get(path)
  await expect
    .poll(
      async () => {
        page = await client.get(path)
        return page.headers['refresh']
      },
      { timeout: 15_000 },
    )
    .toBeUndefined()
  return page
}

describe('/emergency', () => {
  it('says what will happen before it asks', async () => {
    const { hub, client } = await newHub()
    await hub.keyrings(ring, 2)
    const lost = await silentInstance(hub, ring)
    await silence(hub, lost.instance, 60)
    const kid = (await hub.document(ring)).keys[0]?.kid ?? ''
    const page = await client.get(address)
    expect(page.status).toBe(200)
    for (const text of [kid, '2 of 3 instances', '1 instance is out of reach', 'never comes back', '1 hour'])
      expect(page.text).toContain(text)
    const german = await client.speak('de').get(address)
    for (const text of [kid, '2 von 3 Instanzen', 'außer Reichweite', 'kommt nie zurück', '1 Stunde'])
      expect(german.text).toContain(text)
  })

  it('asks which ring where there are several', async () => {
    const { hub, client } = await newHub()
    expect((await client.get('/emergency')).headers.location).toBe(address)
    await hub.ring('immonow/staging')
    const page = await client.get('/emergency')
    expect(page.text).toContain(`href="${address}"`)
    const none = await client.get(`/emergency?ring=${encodeURIComponent(planted)}`)
    expect(none.status).toBe(404)
    expect(none.text).not.toContain('<img')
  })

  it.each([
    [{ confirm: 'immonow/staging' }, 'The confirmation is not'],
    [{ confirm: '' }, 'The confirmation is not'],
    [{ cause: '' }, 'Say what happened'],
    [{ cause: 'scheduled' }, 'Say what happened'],
    [{ reason: ' \n ' }, 'Give a reason'],
    [{ reason: 'x'.repeat(501) }, 'longer than 500'],
    [{ kid: 'no-such-key' }, 'no such key'],
  ])('changes nothing for %j, and keeps what was typed', async (fields, problem) => {
    const { hub, client } = await newHub()
    const before = await hub.document(ring)
    const page = await send(client, { reason: `because of ${planted}`, revokeTokens: '1', ...fields })
    expect(page.status).toBe(400)
    expect(page.text).toContain(problem)
    expect(page.text).toContain('role="alert"')
    expect(page.text).toMatch(/aria-describedby="[\w-]*\s?\w+-problem"/)
    if (!('reason' in fields)) expect(page.text).toContain('because of &lt;img src=x onerror=alert(1)&gt;')
    expect(page.text).not.toContain('<img')
    expect(page.text).toMatch(/value="1"[^>]*\schecked/)
    if (!('cause' in fields)) expect(page.text).toMatch(/value="breach"[^>]*\schecked/)
    expect(await hub.document(ring)).toEqual(before)
    expect(await rotations(hub)).toEqual([])
    expect(hiddenIn(page)['once']).toBeTruthy()
  })

  it('kills every key, and shows who has confirmed and who cannot be reached', async () => {
    const { hub, client } = await newHub()
    await hub.keyrings(ring, 2)
    const lost = await silentInstance(hub, ring, planted)
    await silence(hub, lost.instance, 60)
    const kid = (await hub.document(ring)).keys[0]?.kid ?? ''
    const answer = await send(client, { reason: `in a\r\n${planted}` })
    expect(answer.status).toBe(303)
    const path = answer.headers.location ?? ''
    expect(path).toMatch(/^\/emergency\/immonow\/production\/[\w-]+$/)
    const page = await ended(client, path)
    expect(page.text).toMatch(/Refused by 2 of 3 instances after \d+\.\d s/)
    expect(page.text.match(/confirmed after \d+\.\d s/g)).toHaveLength(2)
    for (const text of ['backend-1', 'backend-2', 'has stopped by', kid, '127.0.0.1'])
      expect(page.text).toContain(text)
    expect(page.text).not.toContain('<img')
    const { keys } = await hub.document(ring)
    expect(keys.find(key => key.kid === kid)?.state).toBe('compromised')
    const [view] = await rotations(hub)
    expect(view).toMatchObject({ kind: 'emergency', cause: 'breach', actor: 'operator.anna' })
    expect(view?.reason).toBe(`in a ${planted}`)
    const report = await client.get(`${path}/report`)
    expect(report.status).toBe(200)
    const entry = (await hub.hub.feed.confirmed(ring))?.ring.document.audit
    for (const text of [kid, 'operator.anna', 'Somebody broke into a system', `>${entry?.generation}<`])
      expect(report.text).toContain(text)
    expect(report.text).toContain('in a &lt;img src=x onerror=alert(1)&gt;')
    expect(report.text).not.toContain('<img')
    const held = await hub.hub.feed.confirmed(ring)
    for (const secret of held?.ring.secrets.values() ?? [])
      for (const each of [page, report]) expect(each.text).not.toContain(secret.reveal())
  })

  it('says that it is refused everywhere once everybody has confirmed', async () => {
    const { hub, client } = await newHub()
    await hub.keyrings(ring, 1)
    const path = (await send(client)).headers.location ?? ''
    expect((await ended(client, path)).text).toMatch(/Refused everywhere after \d+\.\d s/)
    expect((await client.speak('de').get(path)).text).toMatch(/Überall abgelehnt nach \d+,\d s/)
    const report = await client.get(`${path}/report`)
    expect(report.text).toMatch(/Überall abgelehnt nach \d+,\d s/)
  })

  it('looks again by itself while it runs, unless somebody stops that', async () => {
    const { hub, client } = await newHub()
    const behind = await silentInstance(hub, ring)
    const path = (await send(client)).headers.location ?? ''
    const page = await client.get(path)
    expect(page.headers['refresh']).toBe('1')
    // The first look at the instances comes after the answer.
    await expect
      .poll(async () => (await client.get(path)).text)
      .toMatch(/Running for \d+\.\d s: 0 of 1 instance confirmed/)
    const still = await client.get(`${path}?refresh=off`)
    expect(still.headers['refresh']).toBeUndefined()
    await behind.acknowledge()
    expect((await ended(client, path)).text).toContain('Refused everywhere')
  })

  it('of one key leaves the others alone', async () => {
    const { hub, client } = await newHub()
    const as = await hub.token('operate')
    const body = { reason: 'test', mode: 'graceful', noFleet: true }
    const { json } = await hub.expect(202, 'POST /v1/rings/immonow%2Fproduction/rotations', { as, body })
    await hub.ended('/v1/rings/immonow%2Fproduction', String(json['id']), as)
    const { keys } = await hub.document(ring)
    const kidOf = (state: string): string => keys.find(key => key.state === state)?.kid ?? ''
    const answer = await send(client, { kid: kidOf('retiring') })
    await ended(client, answer.headers.location ?? '')
    const after = new Map((await hub.document(ring)).keys.map(key => [key.kid, key.state]))
    expect([after.get(kidOf('active')), after.get(kidOf('retiring'))]).toEqual(['active', 'compromised'])
  })

  it('sent twice starts one emergency, and with other answers none', async () => {
    const { hub, client } = await newHub()
    const fields = { ...hiddenIn(await client.get(address)), ...right }
    const [one, two] = await Promise.all([
      client.post('/emergency', fields),
      client.post('/emergency', fields),
    ])
    expect(one.headers.location).toMatch(/^\/emergency\/immonow\//)
    expect(two.headers.location).toBe(one.headers.location)
    expect(await rotations(hub)).toHaveLength(1)
    const other = await client.post('/emergency', { ...fields, reason: 'another one' })
    expect(other.status).toBe(400)
    expect(other.text).toContain('sent before')
    expect(await rotations(hub)).toHaveLength(1)
    const again = await client.post('/emergency', { ...hiddenIn(other), ...right, reason: 'another one' })
    expect(again.status).toBe(303)
    expect(again.headers.location).not.toBe(one.headers.location)
  })

  it('sent again while it is still being worked on starts no second one', async () => {
    const { hub, client } = await newHub()
    const fields = { ...hiddenIn(await client.get(address)), ...right }
    const spy = vi.spyOn(hub.hub.idempotency, 'once').mockRejectedValueOnce(new UnfinishedRequest())
    const page = await client.post('/emergency', fields)
    expect(page.text).toContain('still being worked on')
    expect(hiddenIn(page)['once']).toBe(
      hiddenIn(await client.post('/emergency', { ...fields, cause: '' }))['once'],
    )
    expect(hiddenIn(page)).toMatchObject({ once: spy.mock.calls[0]?.[0].split('page ')[1] })
  })

  it('revokes the access tokens of the instances if that is asked for', async () => {
    const { hub, client } = await newHub()
    const token = await hub.token(`instance:${ring}`)
    const path = (await send(client, { revokeTokens: '1' })).headers.location ?? ''
    const page = await ended(client, path)
    expect(page.text).toContain(token.id)
    expect(page.text).toContain('revoked')
    await hub.refused('ERR_AUTH_INVALID', 'GET /v1/whoami', { as: token })
  })

  it('does not keep a session alive by looking again', async () => {
    const { hub, client } = await newHub()
    const path = (await send(client)).headers.location ?? ''
    await hub.hub.database.db
      .updateTable('sessions')
      .set(eb => ({ seen_at: eb('seen_at', '-', 20 * 60_000) }))
      .execute()
    const seen = async () =>
      (await hub.hub.database.db.selectFrom('sessions').select('seen_at').executeTakeFirstOrThrow()).seen_at
    const before = await seen()
    await client.get(path)
    expect(await seen()).toBe(before)
    await client.get(address)
    expect(await seen()).toBeGreaterThan(before)
  })

  it('shows emergencies alone, each under its own ring', async () => {
    const { hub, client } = await newHub()
    await hub.ring('immonow/staging')
    const path = (await send(client)).headers.location ?? ''
    for (const wrong of [
      path.replace('production', 'staging'),
      path.replace('production', 'none'),
      `${path}x`,
    ])
      expect((await client.get(wrong)).status, wrong).toBe(404)
  })
})
