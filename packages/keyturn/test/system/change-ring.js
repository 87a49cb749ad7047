/** Reads the ring of a file, changes it once, and prints what came of both as JSON. Arguments: file, mode of the change. */
import { expectedOf } from 'keyturn/ports'
import { change } from '../../dist/rotation/change.js'
import { envFile } from 'keyturn/stores/env-file'

const [path = '', mode] = process.argv.slice(2)
const { store, leases } = envFile(path)
const clock = { now: Date.now, monotonic: () => performance.now(), sleep: () => Promise.resolve() }

/** @param {() => Promise<number | undefined>} action */
async function outcome(action) {
  try {
    return { generation: await action() }
  } catch (error) {
    return { code: error.code, name: error.name, message: error.message }
  }
}

const read = await outcome(async () => (await store.read())?.document.generation)
const changed = await outcome(async () => {
  const ring = await store.read()
  if (!ring) {
    // What init does with a file that holds no ring yet.
    return undefined
  }
  const step = {
    deed: { action: 'test', reason: 'a test', ...(mode && { mode }) },
    apply: document => ({ ...document, generation: document.generation + 1 }),
  }
  const next = await change({ store, leases, clock, actor: 'worker' }, step)
  return expectedOf(next.document).generation
})
console.log(JSON.stringify({ read, changed }))
