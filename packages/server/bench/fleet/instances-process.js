/** Many instances in one process, as light as they can be: a stream each, the keyring at every hint, and a lease with proof. */
// @ts-check
import { noCounters } from 'keyturn/ports'
import net from 'node:net'
import { Secret } from 'keyturn'
import { proofOf } from 'keyturn/rotation'
import { LightHttp } from './light-http.js'
import { order } from './order.js'

const { hostname, port } = new URL(order.url)
const path = `/v1/rings/${encodeURIComponent(order.ring)}`
const http = new LightHttp(hostname, Number(port), 64)
const moment = () => performance.timeOrigin + performance.now()
const startedAt = Date.now()

/** The keyring as this process last read it: the instances share what is the same for all. */
let held = {
  etag: '',
  document: /** @type {any} */ (undefined),
  secrets: /** @type {Map<string, Secret>} */ (new Map()),
}

/** @param {string} method @param {string} target @param {string} [body] */
const request = (method, target, body) =>
  http.ask(
    method,
    target,
    {
      authorization: `Bearer ${order.token}`,
      ...(method === 'GET' && held.etag !== '' && { 'if-none-match': held.etag }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    body,
  )

async function readKeyring() {
  const { status, etag, text } = await request('GET', `${path}/keyring`)
  if (status === 304) return
  if (status !== 200) throw new Error(`keyring: ${status} ${text}`)
  const { document, secrets } = JSON.parse(text)
  held = {
    etag,
    document,
    secrets: new Map(Object.entries(secrets).map(([kid, secret]) => [kid, new Secret(String(secret))])),
  }
}

/** @param {string} name */
async function putLease(name) {
  const { document, secrets } = held
  const { ring, epoch, generation } = document
  const lease = {
    v: 1,
    instance: name,
    ring,
    epoch,
    generation,
    kids: [...secrets.keys()],
    proofs: Object.fromEntries([...secrets].map(([kid, secret]) => [kid, proofOf(secret, document, name)])),
    process: { host: 'bench', boot: 'bench', namespace: 'bench', pid: process.pid, start: String(startedAt) },
    startedAt,
    sentAt: Date.now(),
    counters: noCounters,
    role: 'instance',
  }
  const { status, text } = await request('PUT', `${path}/leases/${name}`, JSON.stringify(lease))
  if (status !== 204) throw new Error(`lease: ${status} ${text}`)
}

/** Who has been told of, and who has acknowledged, each generation. */
const counts = { told: new Map(), held: new Map() }

/** @param {'told' | 'held'} what @param {number} generation */
function count(what, generation) {
  const sum = (counts[what].get(generation) ?? 0) + 1
  counts[what].set(generation, sum)
  if (sum === order.count) process.send?.({ what, generation, at: moment() })
}

const mark = '"generation":'

class Instance {
  /** @param {string} name */
  constructor(name) {
    this.name = name
    this.generation = 0
    this.socket = /** @type {net.Socket | undefined} */ (undefined)
  }

  /** Stream, keyring, lease: what a start and a reconnect take. */
  async join() {
    await Promise.all([this.follow(), readKeyring().then(() => putLease(this.name))])
  }

  /** @returns {Promise<void>} when the first event is here */
  follow() {
    return new Promise((resolve, reject) => {
      const socket = net.connect(Number(port), hostname)
      this.socket = socket
      socket.setEncoding('latin1')
      socket.write(
        `GET ${path}/keyring/watch HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${order.token}\r\n\r\n`,
      )
      socket.on('data', text => {
        const at = String(text).lastIndexOf(mark)
        if (at < 0) return
        resolve()
        this.told(parseInt(String(text).slice(at + mark.length), 10))
      })
      socket.on('error', reject)
    })
  }

  /** @param {number} generation */
  told(generation) {
    if (generation <= this.generation) return
    const isFirst = this.generation === 0
    this.generation = generation
    if (isFirst) return
    count('told', generation)
    // Thousands share this process, where each would have one of its own: none of them makes the others hear later.
    setImmediate(() =>
      readKeyring()
        .then(() => putLease(this.name))
        .then(() => count('held', generation), fail),
    )
  }
}

/** @param {unknown} error */
function fail(error) {
  process.stderr.write(
    `bench: error: an instance: ${error instanceof Error ? error.message : String(error)}\n`,
  )
  process.exit(1)
}

await readKeyring()
const instances = Array.from(
  { length: order.count },
  (_, index) => new Instance(`bench-${order.from + index}`),
)
for (let at = 0; at < instances.length; at += 100)
  await Promise.all(instances.slice(at, at + 100).map(each => each.join()))

for (const each of instances) {
  const beat = () =>
    void putLease(each.name).then(() => setTimeout(beat, 8_000 + 4_000 * (each.name.length % 2)), fail)
  setTimeout(beat, (10_000 * instances.indexOf(each)) / instances.length)
}

process.on('message', async message => {
  if (message === 'stop') process.exit(0)
  if (message !== 'storm') return
  for (const each of instances) each.socket?.destroy()
  const from = moment()
  await Promise.all(instances.map(each => each.join())).catch(fail)
  process.send?.({ what: 'settled', generation: 0, at: moment(), from })
})
process.send?.({ what: 'joined', generation: 0, at: moment() })
