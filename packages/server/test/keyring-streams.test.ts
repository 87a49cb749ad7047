/** Streams of a ring's changes: at once, to everybody, with a sign of life, and to nobody whose token has ended. */
import { createServer, get, type IncomingMessage } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { generateSecret, Secret } from 'keyturn'
import { describe, expect, it, onTestFinished } from 'vitest'
import { RingStreams } from '../src/http/ring-streams.ts'
import { RingFeed } from '../src/rings/ring-feed.ts'
import type { HeldRing } from '../src/rings/ring-rows.ts'
import { Sealer } from '../src/sealing/sealer.ts'
import { pathOf, startHub, type Credentials, type TestHub } from './running-hub.ts'
import { StreamReader } from './stream-reader.ts'

const ring = 'immonow/production'
const path = pathOf(ring)
const watch = `GET ${path}/keyring/watch`

async function newHub() {
  const hub = await startHub()
  await hub.ring(ring)
  return { hub, as: await hub.token(`instance:${ring}`), admin: await hub.token('admin') }
}

async function follow(hub: TestHub, as: Credentials): Promise<StreamReader> {
  const response = await hub.open(watch, { headers: as.headers })
  expect(response.statusCode).toBe(200)
  return new StreamReader(response)
}

describe('a stream', () => {
  it('says at once how the ring is, and then each change, without a byte of a key', async () => {
    const { hub, as, admin } = await newHub()
    const response = await hub.open(watch, { headers: as.headers })
    expect(response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    const reader = new StreamReader(response)
    await expect.poll(() => reader.generations).toEqual([1])
    const body = { reason: 'test', mode: 'hard', noFleet: true }
    await hub.expect(202, `POST ${path}/rotations`, { as: admin, body })
    await expect.poll(() => reader.generations).toEqual([1, 2, 3])
    const { state, ring: held } = (await hub.hub.feed.confirmed(ring)) ?? {}
    expect(reader.states.at(-1)).toEqual(state)
    for (const secret of held?.secrets.values() ?? []) expect(reader.text).not.toContain(secret.reveal())
  })

  it('is of one ring', async () => {
    const { hub, as, admin } = await newHub()
    await hub.ring('immonow/staging')
    const reader = await follow(hub, as)
    await expect.poll(() => reader.generations).toEqual([1])
    const body = { reason: 'test', mode: 'hard', noFleet: true }
    const staging = pathOf('immonow/staging')
    const { json } = await hub.expect(202, `POST ${staging}/rotations`, { as: admin, body })
    await hub.ended(staging, json['id'] as string, admin)
    expect(reader.generations).toEqual([1])
  })

  it('ends when its token is revoked or expires, and others go on', async () => {
    const { hub, as } = await newHub()
    const [revoked, expiring] = [await hub.token(`instance:${ring}`), await hub.token(`instance:${ring}`)]
    const readers = await Promise.all([as, revoked, expiring].map(each => follow(hub, each)))
    await expect.poll(() => readers.map(({ generations }) => generations.length)).toEqual([1, 1, 1])
    await hub.hub.tokens.revoke(revoked.id, 'test')
    await expect.poll(() => readers.map(({ isEnded }) => isEnded)).toEqual([false, true, false])
    // As if its time had come: the database's clock is nobody's to turn.
    const { db } = hub.hub.database
    await db.updateTable('tokens').set({ expires_at: 1 }).where('id', '=', expiring.id).execute()
    await db.updateTable('meta').set({ value: 'again' }).where('name', '=', 'tokens-revision').execute()
    await hub.hub.tokens.refresh()
    await expect.poll(() => readers.map(({ isEnded }) => isEnded)).toEqual([false, true, true])
    await hub.refused('ERR_AUTH_INVALID', watch, { as: revoked })
  })

  it('is not opened for a token that was revoked while it was asked for', async () => {
    const { hub, as } = await newHub()
    const served = await serveStreams(hub, new RingStreams(hub.hub), as.id)
    await hub.hub.tokens.revoke(as.id, 'test')
    expect(await served.open()).toBe('ERR_AUTH_INVALID')
  })

  it('gives a sign of life, and ends with the hub', async () => {
    const { hub, as } = await newHub()
    const streams = new RingStreams(hub.hub, 60)
    const served = await serveStreams(hub, streams, as.id)
    const reader = new StreamReader(await served.follow())
    await expect.poll(() => reader.heartbeats).toBeGreaterThan(2)
    expect(reader.text.startsWith('event: ring\n')).toBe(true)
    streams.close()
    await expect.poll(() => reader.isEnded).toBe(true)
    const late = new StreamReader(await served.follow())
    await expect.poll(() => late.isEnded).toBe(true)
  })

  it('of a reader that does not keep up is cut off, and holds up nobody', async () => {
    const { hub, as } = await newHub()
    // One that does not look at the database: it would see that none of these changes was made.
    const feed = new RingFeed(hub.hub.database, new Sealer([new Secret(generateSecret())]))
    const streams = new RingStreams({ feed, tokens: hub.hub.tokens })
    const served = await serveStreams(hub, streams, as.id)
    const stuck = await served.follow()
    const reader = new StreamReader(await served.follow())
    const { ring: held, state } = await heldBy(hub)
    let told = state.generation
    const isCut = (): boolean => streams.counts()[0]?.[1] === 1
    while (!isCut() && told < 200_000) {
      for (let count = 0; count < 400; count += 1) {
        told += 1
        feed.committed(held, { ...state, generation: told, hash: `of ${told}` }, null)
      }
      await expect.poll(() => reader.text.endsWith(`"of ${told}"}\n\n`), { interval: 1 }).toBe(true)
      reader.text = ''
    }
    expect(isCut()).toBe(true)
    expect(reader.isEnded).toBe(false)
    stuck.destroy()
    streams.close()
  })

  it('reaches three hundred at once', async () => {
    const { hub, as, admin } = await newHub()
    const readers = await Promise.all(Array.from({ length: 300 }, () => follow(hub, as)))
    await expect.poll(() => readers.filter(({ generations }) => generations.length === 1).length).toBe(300)
    const metrics = (await hub.expect(200, 'GET /metrics')).text
    expect(metrics).toContain(`keyturn_hub_streams{ring="${ring}"} 300`)
    const before = hub.hub.feed.reads
    const body = { reason: 'test', secret: generateSecret() }
    await hub.expect(201, `POST ${path}/keys`, { as: admin, body })
    await expect
      .poll(() => readers.filter(({ generations }) => generations.at(-1) === 2).length, { timeout: 10_000 })
      .toBe(300)
    expect(hub.hub.feed.reads - before).toBeLessThan(100)
    await hub.hub.tokens.revoke(as.id, 'test')
    await expect.poll(() => readers.filter(({ isEnded }) => isEnded).length, { timeout: 10_000 }).toBe(300)
    expect(hub.hub.streams.counts()).toEqual([[ring, 0]])
  })

  it('frees everything when its reader is gone without a word', async () => {
    const { hub, as } = await newHub()
    const { hostname, port } = new URL(hub.url)
    const socket = connect(Number(port), hostname)
    const authorization = as.headers['authorization'] ?? ''
    socket.write(`${watch} HTTP/1.1\r\nHost: hub\r\nAuthorization: ${authorization}\r\n\r\n`)
    await expect.poll(() => hub.hub.streams.counts()).toEqual([[ring, 1]])
    socket.destroy()
    await expect.poll(() => hub.hub.streams.counts()).toEqual([[ring, 0]])
  })
})

async function heldBy(hub: TestHub): Promise<HeldRing> {
  const held = await hub.hub.feed.confirmed(ring)
  if (!held) throw new Error(`no ring ${ring}`)
  return held
}

/** Streams of their own, on a server that does nothing else. */
async function serveStreams(hub: TestHub, streams: RingStreams, token: string) {
  const { state } = await heldBy(hub)
  let refusal: unknown
  const server = createServer((raw, response) => {
    const reply = { hijack: () => undefined, raw: response } as unknown as FastifyReply
    try {
      streams.open({ raw } as FastifyRequest, reply, { ring, token, state })
    } catch (error) {
      refusal = (error as { readonly code?: unknown }).code
      response.end()
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    streams.close()
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const follow = (): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => get({ port, host: '127.0.0.1' }, resolve).on('error', reject))
  const open = async (): Promise<unknown> => {
    ;(await follow()).resume()
    return refusal
  }
  return { follow, open }
}
