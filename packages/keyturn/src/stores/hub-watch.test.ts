/** hub: announcements are hints. What is lost, late or silent is found out by the next stream or the next read. */
import { writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { HandClock } from '../../test/hand-clock.ts'
import { hubDouble, problem, type HubDouble } from '../../test/hub-double.ts'
import { firstRing, ringName, stagedRing } from '../../test/sample-rings.ts'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { hub, type HubOptions } from './hub.ts'

const silence = 45_000
/** No wait at random is as long: those are whole milliseconds. */
const timeout = 9_999.5
const settled = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 20))
const closeStreams = ({ streams }: HubDouble): void => streams.forEach(stream => stream.socket?.destroy())

const until = <Value>(value: () => Value) => expect.poll(value, { interval: 5, timeout: 10_000 })

async function watching(double: HubDouble, more: Partial<HubOptions> = {}) {
  const clock = new HandClock()
  const { store } = hub({ url: double.url, ring: ringName, token: double.token, clock, timeout, ...more })
  await store.read()
  let hints = 0
  const stop = store.watch?.(() => (hints += 1)) ?? (() => undefined)
  onTestFinished(stop)
  /** Until this many streams were opened, and the last one is followed. */
  const followed = async (count: number): Promise<void> => {
    await until(() => [double.opened, clock.waits]).toEqual([count, [silence]])
  }
  /** Until the client waits to come back. @returns milliseconds */
  const waiting = async (): Promise<number> => {
    await until(() => clock.waits.filter(wait => wait !== timeout && wait !== silence).length).toBe(1)
    return clock.waits[0] ?? 0
  }
  return { clock, store, stop, hints: () => hints, followed, waiting }
}

/** A double that answers no stream, but this. */
async function refusing(answer: (response: ServerResponse) => void) {
  const double = await hubDouble(firstRing())
  let asked = 0
  double.streamAnswer = response => {
    asked += 1
    answer(response)
  }
  return { double, asked: () => asked, made: await watching(double) }
}

describe('a stream', () => {
  it('hints at a ring that is not the one read', async () => {
    const ring = firstRing()
    const double = await hubDouble(ring)
    const { store, hints, followed } = await watching(double)
    await followed(1)
    expect(hints()).toBe(0)
    double.ring = stagedRing(ring)
    double.announce()
    await until(hints).toBe(1)
    await store.read()
    double.announce()
    for (const stream of double.streams) stream.write(': heartbeat\n\nevent: other\ndata: 1\n\n')
    await settled()
    expect(hints()).toBe(1)
  })

  it('hints at what it cannot read', async () => {
    const double = await hubDouble(firstRing())
    const { hints, followed } = await watching(double)
    await followed(1)
    for (const stream of double.streams)
      stream.write('event: ring\ndata: garbage\n\nevent: ring\ndata: null\n\n')
    await until(hints).toBe(2)
  })

  it('asks for what was announced while nobody followed it', async () => {
    const ring = firstRing()
    const double = await hubDouble(ring)
    const { clock, hints, followed, waiting } = await watching(double)
    await followed(1)
    closeStreams(double)
    await waiting()
    double.ring = stagedRing(ring)
    double.announce()
    expect(hints()).toBe(0)
    clock.tick()
    await until(hints).toBe(1)
    expect(double.opened).toBe(2)
  })

  it('hints once more at what was announced while a read was under way', async () => {
    const ring = firstRing()
    const double = await hubDouble(ring)
    const { store, hints, followed } = await watching(double)
    await followed(1)
    let release = (): void => undefined
    double.answer = (response, { headers }) => {
      // Answered before the change, arrived after its announcement.
      release = () => void response.writeHead(304, { etag: headers['if-none-match'] }).end()
    }
    const reading = store.read()
    await until(() => double.received.length).toBe(3)
    double.ring = stagedRing(ring)
    double.announce()
    await until(hints).toBe(1)
    release()
    double.answer = undefined
    expect((await reading)?.document.generation).toBe(1)
    await until(hints).toBe(2)
    expect((await store.read())?.document.generation).toBe(2)
    await settled()
    expect(hints()).toBe(2)
  })

  it('is given up after three heartbeats of silence, and opened again', async () => {
    const double = await hubDouble(firstRing())
    const { clock, followed, waiting } = await watching(double)
    await followed(1)
    clock.advance(silence - 1)
    for (const stream of double.streams) stream.write(': heartbeat\n\n')
    await followed(1)
    clock.tick()
    await until(() => double.streams.size).toBe(0)
    // It lived, so there is no reason to be slow.
    expect(await waiting()).toBeLessThan(1_000)
    clock.tick()
    await followed(2)
  })

  it('is given up where nobody answers in time', async () => {
    const { double, asked, made } = await refusing(() => undefined)
    await until(asked).toBe(1)
    expect(made.clock.waits).toEqual([timeout])
    made.clock.tick()
    expect(await made.waiting()).toBeLessThan(2_000)
    expect(double.opened).toBe(0)
  })

  it('stops at once and for good', async () => {
    const double = await hubDouble(firstRing())
    const { clock, stop, followed, hints } = await watching(double)
    await followed(1)
    stop()
    await until(() => double.streams.size).toBe(0)
    await settled()
    expect([clock.waits, double.opened, hints()]).toEqual([[], 1, 0])
  })

  it('stops while it waits, and while it is being opened', async () => {
    const { asked, made } = await refusing(() => undefined)
    made.stop()
    await settled()
    expect(made.clock.waits).toEqual([])
    const second = await refusing(response => void response.writeHead(500).end())
    await second.made.waiting()
    second.made.stop()
    expect(second.made.clock.waits).toEqual([])
    expect([asked() <= 1, second.asked()]).toEqual([true, 1])
  })
})

describe('coming back', () => {
  it('takes longer with each failure, at random, and never longer than 30 s', async () => {
    const { asked, made } = await refusing(response => void response.writeHead(500).end())
    const waits: number[] = []
    for (let count = 1; count <= 40; count += 1) {
      await until(asked).toBe(count)
      waits.push(await made.waiting())
      made.clock.tick()
    }
    waits.forEach((wait, index) => expect(wait).toBeLessThan(Math.min(30_000, 2_000 * 2 ** index)))
    expect(Math.max(...waits)).toBeGreaterThan(8_000)
    expect(new Set(waits).size).toBeGreaterThan(20)
  })

  it('is slow as well where streams open and end at once', async () => {
    const double = await hubDouble(firstRing())
    const { clock, waiting } = await watching(double)
    const waits: number[] = []
    for (let count = 1; count <= 30; count += 1) {
      await until(() => double.streams.size).toBe(1)
      closeStreams(double)
      waits.push(await waiting())
      clock.tick()
    }
    expect(Math.max(...waits)).toBeGreaterThan(8_000)
  })

  it.each(['no stream', 'a page'])('is what follows %s with status 200', async kind => {
    const { asked, made } = await refusing(response => {
      response
        .writeHead(200, kind === 'a page' ? { 'content-type': 'text/html' } : {})
        .end('event: ring\ndata: 1\n\n')
    })
    await made.waiting()
    expect([asked(), made.hints()]).toEqual([1, 0])
  })

  it.each([429, 503])('waits as long as %i with Retry-After says', async status => {
    const { asked, made } = await refusing(response =>
      problem(response, status, 'ERR_HUB_DATABASE', { headers: { 'retry-after': '70' } }),
    )
    const wait = await made.waiting()
    expect(wait).toBeGreaterThanOrEqual(70_000)
    expect(wait).toBeLessThan(72_000)
    expect(asked()).toBe(1)
  })

  it('is slow where the token is refused, and takes a renewed one', async () => {
    const double = await hubDouble(firstRing())
    const tokenFile = join(temporaryFolder(), 'token')
    writeFileSync(tokenFile, double.token)
    const clock = new HandClock()
    const { store } = hub({ url: double.url, ring: ringName, tokenFile, clock })
    double.token = 'kt_renewed'
    onTestFinished(store.watch?.(() => undefined) ?? (() => undefined))
    await until(() => clock.waits.some(wait => wait >= 30_000)).toBe(true)
    writeFileSync(tokenFile, double.token)
    clock.tick()
    await until(() => double.opened).toBe(1)
  })
})
