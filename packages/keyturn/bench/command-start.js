/** How long the command line takes to start, against an empty Node program. */
// @ts-check
import { spawnSync } from 'node:child_process'
import { setImmediate } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { percentile } from './percentile.js'
import { removeFolder, scratchFolder } from './scratch-folder.js'

const bin = fileURLToPath(new URL('../bin/keyturn.js', import.meta.url))

/** @param {() => unknown} action */
function milliseconds(action) {
  const start = process.hrtime.bigint()
  action()
  return Number(process.hrtime.bigint() - start) / 1e6
}

/** Interleaved, so that a busy moment falls on all alike. */
export async function commandStart() {
  const rounds = 25
  /** @type {Record<string, number[]>} */
  const times = { node: [], generate: [], status: [] }
  const folder = scratchFolder()
  const options = { cwd: folder, stdio: /** @type {const} */ ('ignore') }
  spawnSync(process.execPath, [bin, 'init'], options)
  for (let round = 0; round < rounds; round += 1) {
    times.node?.push(milliseconds(() => spawnSync(process.execPath, ['-e', '0'], options)))
    times.generate?.push(milliseconds(() => spawnSync(process.execPath, [bin, 'generate'], options)))
    times.status?.push(milliseconds(() => spawnSync(process.execPath, [bin, 'status'], options)))
    await setImmediate() // a signal is seen between rounds
  }
  removeFolder(folder)
  const base = percentile(times.node ?? [], 0.5)
  for (const [name, values] of Object.entries(times)) {
    const median = percentile(values, 0.5)
    const label = name === 'node' ? 'node -e 0' : `keyturn ${name}`
    console.log(
      `  ${label.padEnd(24)} ${median.toFixed(1).padStart(8)} ms   ${(median / base).toFixed(2)} x node -e 0`,
    )
  }
}
