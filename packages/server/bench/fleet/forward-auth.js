/** benchForwardAuth: tokens verified for a proxy, against a route that does nothing. The two take turns. */
// @ts-check
import { setTimeout as pause } from 'node:timers/promises'
import { createKeyring } from 'keyturn'
import { hub } from 'keyturn/stores/hub'
import { Child } from './child.js'
import { startFleet } from './running-fleet.js'

const rounds = 7
/** Milliseconds. */
const warmUp = 1_000
const round = 1_500
const connections = 32
/** Tokens in use at the same time. */
const people = 1_000

export async function benchForwardAuth() {
  const fleet = await startFleet()
  const bare = new Child('bare-process.js')
  try {
    const { url } = await bare.next()
    const keyring = await createKeyring({
      source: hub({ url: fleet.url, ring: fleet.ring, token: fleet.token }),
      log: () => undefined,
    })
    const tokens = Array.from({ length: people }, (_, index) =>
      keyring.sign({ sub: `bench-${index}`, role: 'agent' }, { expiresIn: '1h' }),
    )
    await keyring.close()
    const headers = { 'x-keyturn-token': fleet.token }
    const forward = {
      url: fleet.url,
      path: `/v1/forward-auth?ring=${encodeURIComponent(fleet.ring)}`,
      headers,
      tokens,
      connections,
    }
    const plain = { url, path: '/bare', headers, tokens, connections }
    const pairs = []
    for (let index = 0; index < rounds; index += 1)
      pairs.push({ forward: await rateOf(forward), plain: await rateOf(plain) })
    const ratios = pairs.map(pair => pair.forward / pair.plain)
    return {
      ratio: median(ratios),
      bare: median(pairs.map(pair => pair.plain)),
      forwardAuth: median(pairs.map(pair => pair.forward)),
    }
  } finally {
    bare.kill()
    await fleet.stop()
  }
}

/** Requests a second. @param {object} order */
async function rateOf(order) {
  const load = new Child('load-process.js', order)
  try {
    await load.next()
    await pause(warmUp)
    const from = await load.ask('count')
    await pause(round)
    const to = await load.ask('count')
    return ((to.answered - from.answered) * 1_000) / (to.at - from.at)
  } finally {
    load.kill()
  }
}

/** @param {readonly number[]} values */
const median = values => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
