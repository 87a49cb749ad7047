/** A hub in a process of its own, which the bench asks for changes and for what it uses. */
// @ts-check
import { serve } from '@keyturn/server'
import { advance } from 'keyturn/ring'
import { change } from 'keyturn/rotation'
import { order } from './order.js'

const { data, ring } = order
const running = await serve({ data, env: {}, port: 0, logLevel: false })
const { hub } = running
const { token } = await hub.tokens.create({ name: 'bench', scopes: ['admin'], createdBy: 'bench' })
const instance = await hub.tokens.create({ name: 'fleet', scopes: [`instance:${ring}`], createdBy: 'bench' })

/** Milliseconds by a clock that all processes of the machine share. */
const moment = () => performance.timeOrigin + performance.now()

let committedAt = 0
// Before any stream: it hears of a commit first.
hub.feed.subscribe(ring, () => (committedAt = moment()))

/** @type {Record<string, () => Promise<object>>} */
const answers = {
  change: async () => {
    const { document } = await change(hub.contextOf(ring, 'bench'), {
      deed: { action: 'bench', reason: 'bench' },
      apply: before => advance(before, {}),
    })
    return { committedAt, generation: document.generation }
  },
  usage: async () => {
    globalThis.gc?.()
    return { rss: process.memoryUsage().rss, reads: hub.feed.reads, cpu: process.cpuUsage() }
  },
}

process.on('message', async message => {
  const { id, ask } = /** @type {{ id: number, ask: string }} */ (message)
  if (ask === 'stop') {
    await running.close()
    process.exit(0)
  }
  process.send?.({ id, answer: await answers[ask]?.() })
})
process.send?.({ url: running.url, admin: token, token: instance.token })
