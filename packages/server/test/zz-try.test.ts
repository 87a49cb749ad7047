import { it, expect } from 'vitest'
import { embeddedPostgres, debianPostgres } from './postgres.ts'
console.time('e'); const e = await embeddedPostgres(); console.timeEnd('e')
console.time('d'); const d = await debianPostgres(); console.timeEnd('d')
it('x', async () => {
  for (const s of [e, d]) {
    if ('cannot' in s) throw new Error(s.cannot)
    console.log(await s.query('select version()'))
    console.time('c'); const n = await s.createDatabase();console.timeEnd('c')
    const u = await s.createOwner(n)
    console.log(u.port)
    await s.stop('kill'); await s.start(); await s.stop('fast'); await s.start()
  }
})
