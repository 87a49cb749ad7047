/** Streams of changes: hints to whoever looks at a ring, and to nobody whose login has ended. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { describe, expect, it, vi } from 'vitest'
import { ChangeStreams, type ChangeStreamsOptions } from '../src/http/change-streams.ts'
import { pathOf, startHub, type Credentials, type TestHub } from './running-hub.ts'
import { silence, silentInstance } from './silent-instance.ts'
import { StreamReader } from './stream-reader.ts'

const ring = 'immonow/production'
const path = pathOf(ring)
const watch = `GET ${path}/changes`
const kinds = ['counts', 'fleet', 'ring', 'rotation']

async function newHub(options?: ChangeStreamsOptions) {
  const hub = await startHub()
  if (options) Object.assign(hub.hub, { changes: new ChangeStreams(hub.hub, options) })
  await hub.ring(ring)
  return { hub, admin: await hub.token('admin') }
}

async function follow(hub: TestHub, as: Credentials, of = watch): Promise<StreamReader> {
  const response = await hub.open(of, { headers: as.headers })
  expect(response.statusCode).toBe(200)
  expect(response.headers['content-type']).toBe('text/event-stream; charset=utf-8')
  return new StreamReader(response)
}

/** Has been told how everything is. */
async function greeted(hub: TestHub, as: Credentials): Promise<StreamReader> {
  const reader = await follow(hub, as)
  await expect.poll(() => [...reader.names].sort(), { timeout: 5_000 }).toEqual(kinds)
  return reader
}

/** The hub's end of the connection over which the next request comes. */
function nextSocket(): Promise<Socket> {
  const channel = 'http.server.request.start'
  return new Promise(resolve => {
    const take = (message: unknown): void => {
      unsubscribe(channel, take)
      resolve((message as { readonly socket: Socket }).socket)
    }
    subscribe(channel, take)
  })
}

/** As if so much time had passed since the sessions were used. */
const age = ({ hub }: TestHub, milliseconds: number): Promise<unknown> =>
  hub.database.db
    .updateTable('sessions')
    .set(eb => ({ seen_at: eb('seen_at', '-', milliseconds) }))
    .execute()

describe('a stream of changes', () => {
  it('says at once how everything is, to operators and to tokens, without a byte of a key', async () => {
    const { hub, admin } = await newHub()
    const readers = [await greeted(hub, await hub.session('viewer')), await greeted(hub, admin)]
    const { state, ring: held } = (await hub.hub.feed.confirmed(ring)) ?? {}
    for (const reader of readers) {
      expect(reader.states).toEqual([state])
      expect(reader.of('rotation')).toEqual([{ id: null, n: 0, state: null }])
      for (const name of ['fleet', 'counts'])
        expect(reader.of(name)).toEqual([{ digest: expect.stringMatching(/^[\w-]{16}$/) }])
      for (const secret of held?.secrets.values() ?? []) expect(reader.text).not.toContain(secret.reveal())
    }
  })

  it('tells of a rotation, of the fleet and of what was counted, and of nothing that is as it was', async () => {
    const { hub, admin } = await newHub()
    const [keyring] = await hub.keyrings(ring, 1)
    const reader = await greeted(hub, admin)
    keyring?.recordLogin(true)
    const body = { reason: 'test', mode: 'graceful' }
    const { json } = await hub.expect(202, `POST ${path}/rotations`, { as: admin, body })
    const ended = await hub.ended(path, String(json['id']), admin)
    const rotation = { id: json['id'], n: ended.events.at(-1)?.n, state: 'done' }
    await expect.poll(() => reader.of('rotation').at(-1), { timeout: 5_000 }).toEqual(rotation)
    expect(reader.generations).toEqual([1, 2, 3])
    await expect.poll(() => reader.of('fleet').length, { timeout: 5_000 }).toBeGreaterThan(1)
    await expect.poll(() => reader.of('counts').length, { timeout: 5_000 }).toBeGreaterThan(1)
    for (const name of ['fleet', 'counts']) {
      const digests = reader.of<{ digest: string }>(name).map(({ digest }) => digest)
      for (const [at, digest] of digests.entries()) expect(digest).not.toBe(digests[at - 1])
    }
  })

  it('tells of an instance that is lost, though it said nothing', async () => {
    const { hub, admin } = await newHub()
    const instance = await silentInstance(hub, ring)
    const reader = await greeted(hub, admin)
    await silence(hub, instance.instance, 60)
    await expect.poll(() => reader.of('fleet').length, { timeout: 5_000 }).toBe(2)
    expect(reader.of('counts')).toHaveLength(1)
  })

  it('looks once for all of a ring, and not at all without listeners', async () => {
    const { hub, admin } = await newHub({ lookEvery: 20 })
    let looks = 0
    const { records } = hub.hub
    const list = records.list.bind(records)
    records.list = (...args) => {
      looks += 1
      return list(...args)
    }
    expect(looks).toBe(0)
    const readers = await Promise.all(Array.from({ length: 5 }, () => greeted(hub, admin)))
    expect(looks).toBeGreaterThan(0)
    const response = await hub.open(watch, { headers: admin.headers })
    response.destroy()
    await expect.poll(() => hub.hub.changes.size).toBe(readers.length)
    await hub.hub.changes.close()
    await expect.poll(() => readers.filter(({ isEnded }) => isEnded).length).toBe(readers.length)
    const after = looks
    await new Promise(resolve => setTimeout(resolve, 100))
    expect(looks).toBe(after)
  })

  it('gives a sign of life, and ends with the hub', async () => {
    const { hub, admin } = await newHub({ lookEvery: 20, heartbeat: 40 })
    const reader = await follow(hub, admin)
    await expect.poll(() => reader.heartbeats).toBeGreaterThan(2)
    await hub.hub.stop()
    await expect.poll(() => reader.isEnded).toBe(true)
  })

  it('ends when its token is revoked, and others go on', async () => {
    const { hub, admin } = await newHub()
    const revoked = await hub.token('read')
    const readers = [await greeted(hub, admin), await greeted(hub, revoked)]
    await hub.hub.tokens.revoke(revoked.id, 'test')
    await expect.poll(() => readers.map(({ isEnded }) => isEnded)).toEqual([false, true])
    await hub.refused('ERR_AUTH_INVALID', watch, { as: revoked })
  })

  it.each([
    ['logged out', (hub: TestHub, as: Credentials) => hub.expect(204, 'DELETE /v1/session', { as })],
    ['been removed', (hub: TestHub) => hub.hub.operators.remove('viewer.anna', 'test')],
    ['got another role', (hub: TestHub) => hub.hub.operators.setRole('viewer.anna', 'operator', 'test')],
    ['not done anything for half an hour', (hub: TestHub) => age(hub, 31 * 60_000)],
  ])('ends when its operator has %s, and others go on', async (_, end) => {
    const { hub } = await newHub({ lookEvery: 20 })
    const as = await hub.session('viewer')
    const reader = await greeted(hub, as)
    const other = await greeted(hub, await hub.token('read'))
    await end(hub, as)
    await expect.poll(() => reader.isEnded).toBe(true)
    expect(other.isEnded).toBe(false)
  })

  it('does not keep a session alive', async () => {
    const { hub } = await newHub({ lookEvery: 20 })
    const as = await hub.session('viewer')
    await age(hub, 20 * 60_000)
    const seenAt = async (): Promise<number> =>
      (await hub.hub.database.db.selectFrom('sessions').select('seen_at').executeTakeFirstOrThrow()).seen_at
    const before = await seenAt()
    const reader = await greeted(hub, as)
    await age(hub, 60_000)
    await silentInstance(hub, ring)
    await expect.poll(() => reader.of('fleet').length).toBe(2)
    expect(await seenAt()).toBe(before - 60_000)
  })

  it('is not kept for somebody who has gone before it begins', async () => {
    const { hub, admin } = await newHub({ most: 2 })
    const { changes, feed } = hub.hub
    const confirmed = feed.confirmed.bind(feed)
    const open = vi.spyOn(changes, 'open')
    const { hostname, port, host } = new URL(hub.url)
    for (const count of [1, 2, 3]) {
      const socket = connect(Number(port), hostname)
      const atHub = nextSocket()
      feed.confirmed = async name => {
        feed.confirmed = confirmed
        const held = await confirmed(name)
        socket.destroy()
        await once(await atHub, 'close')
        return held
      }
      socket.write(`${watch} HTTP/1.1\r\nHost: ${host}\r\n`)
      socket.write(`Authorization: ${admin.headers['authorization']}\r\n\r\n`)
      await expect.poll(() => open.mock.calls.length).toBe(count)
    }
    await expect.poll(() => changes.size).toBe(0)
    await greeted(hub, admin)
  })

  it('is refused to somebody who has too many, and not to others', async () => {
    const { hub, admin } = await newHub({ mostOfOne: 2 })
    await greeted(hub, admin)
    await greeted(hub, admin)
    await hub.refused('ERR_HUB_BUSY', watch, { as: admin })
    const other = await greeted(hub, await hub.token('read'))
    expect(other.isEnded).toBe(false)
  })

  it('is refused where there are too many, and of a ring that is not there', async () => {
    const { hub, admin } = await newHub({ most: 2 })
    const [one] = [await greeted(hub, admin), await greeted(hub, admin)]
    const refused = await hub.refused('ERR_HUB_BUSY', watch, { as: admin })
    expect(refused.status).toBe(503)
    expect(refused.headers['retry-after']).toBe('10')
    await hub.refused('ERR_STORE_MISSING', `GET ${pathOf('immonow/none')}/changes`, { as: admin })
    expect(one?.isEnded).toBe(false)
  })
})
