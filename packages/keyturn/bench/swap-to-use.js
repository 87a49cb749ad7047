/** How fast a key that was activated in one process is the key in use of another. */
// @ts-check
import { fork } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { systemClock } from '../dist/ports/index.js'
import { checkLimits } from '../dist/ring/index.js'
import { initRing, rotate } from '../dist/rotation/index.js'
import { envFile } from '../dist/stores/env-file.js'
import { percentile } from './percentile.js'
import { removeFolder, scratchFolder } from './scratch-folder.js'

const member = fileURLToPath(new URL('./member.js', import.meta.url))

/**
 * From the begin of the swap that activates, to the moment another process signs with the new key. An upper bound of
 * the time since the rename, which happens inside the swap: lock, write and fsync are counted as well.
 */
export async function swapToUse() {
  const rotations = 100
  const folder = scratchFolder()
  const file = envFile(join(folder, '.env'))
  file.createFile()
  const limits = checkLimits({})
  /** @type {bigint} */
  let begun = 0n
  const context = {
    store: { ...file.store, compareAndSwap: timed },
    leases: file.leases,
    clock: systemClock,
    actor: 'bench',
  }
  /** @param {import('../dist/ports/index.js').Expected} expected @param {import('../dist/ports/index.js').Ring} next */
  async function timed(expected, next) {
    begun = process.hrtime.bigint()
    await file.store.compareAndSwap(expected, next)
  }
  await initRing(context, { ring: 'bench/bench', limits, reason: 'bench' })
  const child = fork(member, [file.path])
  /** @returns {Promise<{ kid: string, at: string }>} */
  const message = () =>
    new Promise(resolve =>
      child.once('message', value => resolve(/** @type {{ kid: string, at: string }} */ (value))),
    )
  await message()
  const times = []
  for (let round = 0; round < rotations; round += 1) {
    const used = message()
    const { kid } = await rotate(context, { mode: 'hard', reason: 'bench', force: true })
    const seen = await used
    if (seen.kid !== kid) throw new Error('another key is in use than the one that was activated')
    times.push(Number(BigInt(seen.at) - begun) / 1e6)
  }
  child.disconnect()
  await new Promise(resolve => child.once('exit', resolve))
  removeFolder(folder)
  console.log(
    `  swap to key in use       p50 ${percentile(times, 0.5).toFixed(1)} ms   p99 ${percentile(times, 0.99).toFixed(1)} ms   of ${rotations} rotations`,
  )
}
