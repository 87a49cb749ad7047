/**
 * Changes a ring, one generation at a time, and prints each generation that it won. Arguments: file, its own name,
 * generation to stop at, and `until-killed` to print `ready` first and never mind conflicts.
 */
import { expectedOf } from 'keyturn/ports'
import { Secret, generateSecret, kidOf } from 'keyturn'
import { activate, stage, stagedKey } from 'keyturn/ring'
import { envFile } from 'keyturn/stores/env-file'
import { sealed } from '../../dist/rotation/change.js'

const [path = '', name = '', last = '0', mode] = process.argv.slice(2)
const { store } = envFile(path)
let conflicts = 0
if (mode) console.log('ready')

for (;;) {
  const ring = await store.read()
  if (ring.document.generation >= Number(last)) break
  const { document, secrets } = next(ring)
  try {
    await store.compareAndSwap(expectedOf(ring.document), { document, secrets })
    console.log(document.generation)
  } catch (error) {
    if (error.code !== 'ERR_RING_CONFLICT') throw error
    conflicts += 1
  }
}
console.log(`conflicts ${conflicts}`)

/** A real change: a key is staged, then activated; the keys before it go. */
function next(ring) {
  const now = Math.floor(Date.now() / 1000)
  const secrets = new Map(ring.secrets)
  let document
  if (stagedKey(ring.document)) {
    const mode = ring.document.generation % 4 === 0 ? 'hard' : 'graceful'
    const activated = activate(ring.document, { mode, now, grace: 172_800, hold: 172_800 })
    document = { ...activated, keys: activated.keys.slice(-3) }
  } else {
    const text = generateSecret()
    secrets.set(kidOf(text), new Secret(text))
    document = stage(ring.document, { kid: kidOf(text), alg: 'HS256', createdAt: now })
  }
  const deed = { action: 'test', reason: `it's a "change" 🔑 by ${name}` }
  return { document: sealed(ring.document, document, deed, name, Date.now()), secrets }
}
