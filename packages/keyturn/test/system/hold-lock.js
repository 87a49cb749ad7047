/** Takes the lock, says `held`, and keeps it until it reads a line. Arguments: lock, milliseconds to wait for it. */
import { readSync } from 'node:fs'
import { withLock } from '../../dist/stores/env-file/lock.js'

const [path = '', timeout = '10000'] = process.argv.slice(2)
try {
  await withLock(
    path,
    () => {
      console.log('held')
      readSync(0, Buffer.alloc(64))
    },
    { timeout: Number(timeout) },
  )
  console.log('released')
} catch (error) {
  console.log(JSON.stringify({ code: error.code, message: error.message }))
  process.exitCode = 1
}
