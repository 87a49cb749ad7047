/**
 * Takes one lock after another, each at a moment that other processes know too, and says `collision` when it is
 * not alone inside. Arguments: folder of the locks, how many, first moment, milliseconds between them.
 */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { withLock } from '../../dist/stores/env-file/lock.js'

const [folder = '', ...numbers] = process.argv.slice(2)
const [count = 0, first = 0, step = 0] = numbers.map(Number)
let inside = 0
for (let round = 0; round < count; round += 1) {
  const moment = first + round * step
  while (Date.now() < moment);
  const alone = join(folder, `inside-${round}`)
  await withLock(
    join(folder, `lock-${round}`),
    () => {
      try {
        writeFileSync(alone, '', { flag: 'wx' })
      } catch {
        console.log(`collision in round ${round}`)
      }
      const until = performance.now() + 3
      while (performance.now() < until);
      rmSync(alone, { force: true })
      inside += 1
    },
    { timeout: 120_000 },
  )
}
console.log(`inside ${inside} times`)
