/** startFleet: a hub and its instances, in processes of their own, and what the bench does to them. */
// @ts-check
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Child } from './child.js'

const ring = 'bench/fleet'
/** Processes that the instances are spread over. */
const most = 2

export async function startFleet() {
  const data = mkdtempSync(path.join(os.tmpdir(), 'keyturn-bench-'))
  const hub = new Child('hub-process.js', { data, ring })
  const { url, admin, token } = await hub.next()
  const made = await fetch(`${url}/v1/rings`, {
    method: 'POST',
    headers: { authorization: `Bearer ${admin}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ring }),
  })
  if (made.status !== 201) throw new Error(await made.text())
  /** @type {Child[]} */
  let groups = []

  /** @param {string} what @param {number} generation */
  const all = async (what, generation) => {
    const ends = await Promise.all(
      groups.map(group => group.next(message => message.what === what && message.generation === generation)),
    )
    return Math.max(...ends.map(({ at }) => at))
  }

  return {
    url,
    token,
    ring,
    /** @returns {Promise<{ rss: number, reads: number }>} */
    usage: () => hub.ask('usage'),
    /** @param {number} size */
    join: async size => {
      const processes = Math.min(most, size)
      groups = Array.from({ length: processes }, (_, index) => {
        const from = Math.floor((size * index) / processes)
        const count = Math.floor((size * (index + 1)) / processes) - from
        return new Child('instances-process.js', { url, token, ring, from, count })
      })
      await all('joined', 0)
    },
    change: async () => {
      // Listened for before: the instances may be faster than the answer of the hub.
      const generations = new Map()
      const listen = groups.map(group => {
        const note = (/** @type {any} */ message) => {
          const key = `${message.what} ${message.generation}`
          generations.set(key, [...(generations.get(key) ?? []), message.at])
        }
        group.process.on('message', note)
        return () => group.process.off('message', note)
      })
      const { committedAt, generation } = await hub.ask('change')
      /** @param {string} what @returns {Promise<number>} */
      const reached = async what => {
        for (;;) {
          const times = generations.get(`${what} ${generation}`) ?? []
          if (times.length === groups.length) return Math.max(...times)
          await Promise.race([
            new Promise(resolve => setTimeout(resolve, 5)),
            ...groups.map(group => group.ended),
          ])
        }
      }
      const [toldAt, heldAt] = await Promise.all([reached('told'), reached('held')])
      for (const stop of listen) stop()
      return { committedAt, toldAt, heldAt }
    },
    storm: async () => {
      const { reads } = await hub.ask('usage')
      const from = performance.timeOrigin + performance.now()
      const settled = all('settled', 0)
      for (const group of groups) group.tell('storm')
      const at = await settled
      return { took: at - from, reads: (await hub.ask('usage')).reads - reads }
    },
    stop: async () => {
      for (const child of [...groups, hub]) child.kill()
      rmSync(data, { recursive: true, force: true })
    },
  }
}
