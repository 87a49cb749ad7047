/**
 * Changes a ring on a disk with 0, 1, 2 … free pages until a change succeeds, and prints after each try, as JSON,
 * what came of it and what is in the folder. Argument: the folder, on a small disk of its own.
 */
import {
  appendFileSync,
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { defaultLimits } from 'keyturn/ring'
import { initRing } from 'keyturn/rotation'
import { envFile } from 'keyturn/stores/env-file'
import { change } from '../../dist/rotation/change.js'

const [folder = ''] = process.argv.slice(2)
const page = 4096
const filler = join(folder, 'filler')
const path = join(folder, '.env')
const file = envFile(path)
const clock = { now: Date.now, monotonic: () => performance.now(), sleep: () => Promise.resolve() }
const context = { store: file.store, leases: file.leases, clock, actor: 'worker' }

await initRing(context, { reason: 'a start', ring: 'immonow/test', limits: defaultLimits })
// Several pages, so that a write can be cut short in each half of the text.
for (let line = 0; line < 300; line += 1) appendFileSync(path, `OTHER_${line}=${'x'.repeat(60)}\n`)

/** Leaves so many free pages. */
function fill(free) {
  const handle = openSync(filler, 'a')
  try {
    for (;;) writeSync(handle, Buffer.alloc(page))
  } catch (error) {
    if (error.code !== 'ENOSPC') throw error
  } finally {
    closeSync(handle)
  }
  truncateSync(filler, statSync(filler).size - free * page)
}

for (let free = 0, done = false; !done && free < 40; free += 1) {
  fill(free)
  const before = readFileSync(path, 'utf8')
  const told = {}
  try {
    const { document } = await change(context, {
      deed: { action: 'test', reason: 'a test' },
      apply: current => ({ ...current, generation: current.generation + 1 }),
    })
    told.generation = document.generation
    done = true
  } catch (error) {
    Object.assign(told, { code: error.code, name: error.name })
  }
  const after = readFileSync(path, 'utf8')
  told.unchanged = after === before
  told.others = after.match(/^OTHER_\d+=x{60}$/gm)?.length
  told.stored = (await file.store.read())?.document.generation
  told.files = [...readdirSync(folder), ...readdirSync(file.stateFolder)]
  told.trail = (await file.trail()).entries.map(entry => entry.generation)
  console.log(JSON.stringify({ free, ...told }))
}
