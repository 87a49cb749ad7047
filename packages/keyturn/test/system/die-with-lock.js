/** Takes a lock, and is killed at a point on the way. Arguments: lock, failpoint. */
globalThis.KEYTURN_FAILPOINTS = true
const [lock = '', point = ''] = process.argv.slice(2)
process.env.KEYTURN_FAILPOINT = point
const { withLock } = await import('../../dist/stores/env-file/lock.js')
await withLock(lock, () => console.log('inside'))
