/** Somebody sends thousands of tokens with made-up kids while a rotation commits. */
import { createHmac, randomBytes } from 'node:crypto'
import http from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { embeddedPostgres } from '../../../packages/server/test/postgres.ts'
import { hubOfFile } from '../../support/hub.ts'
import { startFleet } from './fleet.ts'
import { Load } from './load.ts'

const limits = { maxTokenLife: 600, maxStale: 120, tolerance: 60, grace: 900, hold: 900 }
const server = await embeddedPostgres()
const hub = hubOfFile(server)

/** A token of a key that nobody has, signed this second: nobody can know that it is none. */
function madeUp(): string {
  const now = Math.floor(Date.now() / 1000)
  const parts = [
    { alg: 'HS256', typ: 'JWT', kid: randomBytes(12).toString('base64url') },
    { sub: 'x', iat: now, exp: now + 600 },
  ].map(part => Buffer.from(JSON.stringify(part)).toString('base64url'))
  const text = parts.join('.')
  return `${text}.${createHmac('sha256', randomBytes(32)).update(text).digest('base64url')}`
}

class Attacker {
  readonly statuses = new Map<number, number>()
  readonly #agent = new http.Agent({ keepAlive: true, maxSockets: 32 })
  #isRunning = true
  readonly #loops: Promise<void>[]

  constructor(urls: readonly string[]) {
    this.#loops = urls.flatMap(url => Array.from({ length: 8 }, () => this.#attack(url)))
  }

  async stop(): Promise<void> {
    this.#isRunning = false
    await Promise.all(this.#loops)
    this.#agent.destroy()
  }

  async #attack(url: string): Promise<void> {
    while (this.#isRunning) {
      const status = await new Promise<number>((resolve, reject) => {
        const headers = { authorization: `Bearer ${madeUp()}` }
        http
          .get(`${url}/api/auth/me`, { agent: this.#agent, headers }, response => {
            response.resume().on('end', () => resolve(response.statusCode ?? 0))
          })
          .on('error', reject)
      })
      this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1)
    }
  }
}

const reads = async (): Promise<number> => {
  const texts = await Promise.all(
    hub().replicas.map(async ({ url }) => (await fetch(`${url}/metrics`)).text()),
  )
  return texts
    .flatMap(text => text.split('\n'))
    .filter(line => line.startsWith('keyturn_hub_store_reads '))
    .reduce((sum, line) => sum + Number(line.split(' ')[1]), 0)
}

describe.skipIf('cannot' in server)('tokens with made-up kids', () => {
  it('get no new token refused while a rotation commits, and the hub no more to read', async () => {
    const ring = await hub().ring(limits)
    const fleet = await startFleet(ring, [hub().url, hub().url])
    const load = new Load(fleet)
    await load.signIn(3)
    load.start({ loops: 2, wait: 60 })

    const attacker = new Attacker(fleet.map(({ url }) => url))
    const [from, readsBefore] = [performance.now(), await reads()]
    await pause(5000)
    const perSecond = ((await reads()) - readsBefore) / ((performance.now() - from) / 1000)
    for (let done = 0; done < 3; done += 1) await ring.done('/rotations', { force: true })
    await attacker.stop()
    await load.stop()

    const sent = [...attacker.statuses.values()].reduce((sum, count) => sum + count, 0)
    // Each replica asks four times a second anyway; each backend at most once in two seconds because of unknown kids.
    expect(perSecond).toBeLessThan(hub().replicas.length * 4 + fleet.length + 6)
    expect([...attacker.statuses.keys()].filter(status => status !== 401 && status !== 503)).toEqual([])
    expect(load.refusals).toEqual([])
    expect(load.newTokens).toBeGreaterThan(3)
    console.log(
      `${sent} made-up tokens answered ${JSON.stringify(Object.fromEntries(attacker.statuses))}; ${Math.round(perSecond)} reads a second on ${hub().replicas.length} replicas; ${load.newTokens} new tokens, none refused`,
    )
  })
})
