/**
 * Takes the lock again and again, and while it holds it makes a file that only one may make. Prints `inside` for
 * each time, `collision` when another was inside too. Arguments: lock, folder for the file.
 */
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isProvedDead, thisProcess } from '../../dist/process-identity.js'
import { withLock } from '../../dist/stores/env-file/lock.js'

const [lock = '', folder = ''] = process.argv.slice(2)
const own = join(folder, `process-${process.pid}`)
const inside = join(folder, 'inside')
writeFileSync(own, JSON.stringify(thisProcess()))
for (;;) {
  await withLock(
    lock,
    () => {
      try {
        linkSync(own, inside)
      } catch {
        // Whoever was killed in here left its name; anybody else should not be here.
        const other = JSON.parse(readFileSync(inside, 'utf8'))
        if (!isProvedDead(other)) console.log(`collision with ${other.pid}`)
        rmSync(inside, { force: true })
        linkSync(own, inside)
      }
      console.log('inside')
      const until = performance.now() + 1
      while (performance.now() < until);
      rmSync(inside, { force: true })
    },
    { timeout: 120_000 },
  )
}
