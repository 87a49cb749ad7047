/** Repeats one run of the simulation and shows its last events: replay.js SEED. Exit code 1 if something does not hold. */
// @ts-check
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const [seed = '', ...rest] = process.argv.slice(2)
if (!/^\d+$/.test(seed) || rest.length > 0) {
  process.stderr.write('replay: error: one argument, the seed, a whole number\n')
  process.exit(2)
}

const here = path.dirname(fileURLToPath(import.meta.url))
const root = path.resolve(here, '../../../..')
const vitest = path.join(root, 'node_modules/vitest/vitest.mjs')
const test = path.relative(root, path.join(here, 'simulation.test.ts'))
const { status } = spawnSync(process.execPath, [vitest, 'run', '--project', 'unit', test], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, KEYTURN_SEED: seed },
})
process.exit(status ?? 1)
