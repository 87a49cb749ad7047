/**
 * Changes a ring by one generation, and is killed at the point that KEYTURN_FAILPOINT names: at a failpoint of the
 * store, or at `after-read`, between read and write. Arguments: module, its function that opens, what that is given.
 */
import { randomBytes } from 'node:crypto'

// Before anything is imported: this is what a test build says.
globalThis.KEYTURN_FAILPOINTS = true

const [module = '', name = '', ...args] = process.argv.slice(2)
const { change } = await import('../../dist/rotation/change.js')
const { systemClock } = await import('keyturn/ports')
const { advance } = await import('../../dist/ring/advance.js')
const open = (await import(module))[name]
const { store, leases } = await open(...args)

const step = {
  deed: { action: 'test', reason: `killed ${randomBytes(4).toString('hex')} – "clé" 🔑` },
  apply: document => {
    if (process.env.KEYTURN_FAILPOINT === 'after-read') process.kill(process.pid, 'SIGKILL')
    return advance(document, {})
  },
}
await change({ store, leases, clock: systemClock, actor: 'a killed writer' }, step)
