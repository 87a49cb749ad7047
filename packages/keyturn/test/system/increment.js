/** Adds one to the number in a file so many times, each under the lock. Arguments: lock, file, times. Prints how many it made. */
import { readFileSync, writeFileSync } from 'node:fs'
import { withLock } from '../../dist/stores/env-file/lock.js'

const [lock = '', file = '', times = '1'] = process.argv.slice(2)
for (let made = 1; made <= Number(times); made += 1) {
  await withLock(
    lock,
    () => {
      // Read, let others run, write: without the lock nearly every update would be lost.
      const next = Number(readFileSync(file, 'utf8')) + 1
      const until = performance.now() + 0.3
      while (performance.now() < until);
      writeFileSync(file, String(next))
    },
    { timeout: 120_000 },
  )
  console.log(made)
}
