/** `npm run bench`: start of the command line, start of a keyring, and how fast a rename becomes the key in use. */
// @ts-check
import { fork, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createKeyring, generateSecret } from '../dist/index.js'
import { systemClock } from '../dist/ports/index.js'
import { checkLimits } from '../dist/ring/index.js'
import { initRing, rotate } from '../dist/rotation/index.js'
import { envFile } from '../dist/stores/env-file.js'

const bin = fileURLToPath(new URL('../bin/keyturn.js', import.meta.url))
const member = fileURLToPath(new URL('./member.js', import.meta.url))

/** @param {readonly number[]} values @param {number} part */
const percentile = (values, part) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? NaN

/** @param {() => unknown} action */
function milliseconds(action) {
  const start = process.hrtime.bigint()
  action()
  return Number(process.hrtime.bigint() - start) / 1e6
}

/** Interleaved, so that a busy moment falls on both. */
function commandLine() {
  const rounds = 25
  /** @type {Record<string, number[]>} */
  const times = { node: [], generate: [], status: [] }
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-bench-'))
  const options = { cwd: folder, stdio: /** @type {const} */ ('ignore') }
  spawnSync(process.execPath, [bin, 'init'], options)
  for (let round = 0; round < rounds; round += 1) {
    times.node?.push(milliseconds(() => spawnSync(process.execPath, ['-e', '0'], options)))
    times.generate?.push(milliseconds(() => spawnSync(process.execPath, [bin, 'generate'], options)))
    times.status?.push(milliseconds(() => spawnSync(process.execPath, [bin, 'status'], options)))
  }
  rmSync(folder, { recursive: true })
  const base = percentile(times.node ?? [], 0.5)
  for (const [name, values] of Object.entries(times)) {
    const median = percentile(values, 0.5)
    const label = name === 'node' ? 'node -e 0' : `keyturn ${name}`
    console.log(
      `  ${label.padEnd(24)} ${median.toFixed(1).padStart(8)} ms   ${(median / base).toFixed(2)} x node -e 0`,
    )
  }
}

async function keyringFromEnvironment() {
  const rounds = 300
  const env = { JWT_SECRET_KEY: generateSecret() }
  const times = []
  for (let round = 0; round < rounds; round += 1) {
    const start = process.hrtime.bigint()
    const keyring = await createKeyring({ env, log: () => undefined })
    times.push(Number(process.hrtime.bigint() - start) / 1e6)
    await keyring.close()
  }
  console.log(
    `  createKeyring()          p50 ${percentile(times, 0.5).toFixed(2)} ms   p99 ${percentile(times, 0.99).toFixed(2)} ms   of ${rounds}`,
  )
}

/**
 * From the begin of the swap that activates, to the moment another process signs with the new key. An upper bound of
 * the time since the rename, which happens inside the swap: lock, write and fsync are counted as well.
 */
async function renameToUse() {
  const rotations = 100
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-bench-'))
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
  rmSync(folder, { recursive: true })
  console.log(
    `  swap to key in use       p50 ${percentile(times, 0.5).toFixed(1)} ms   p99 ${percentile(times, 0.99).toFixed(1)} ms   of ${rotations} rotations`,
  )
}

console.log(
  `keyturn bench, ${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${process.platform} ${process.arch}`,
)
commandLine()
await keyringFromEnvironment()
await renameToUse()
