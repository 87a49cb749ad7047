/** Serves a hub from what was built, on the folder named, until it is ended; says where, with a token that may everything. */
// @ts-check
import { serve } from '../dist/index.js'

// With KEYTURN_FAILPOINT it kills itself there.
Object.assign(globalThis, { KEYTURN_FAILPOINTS: true })
const [data = '', ring = ''] = process.argv.slice(2)
const { DATABASE_URL, KEYTURN_MASTER_KEY } = process.env
const { url, hub } = await serve({
  data,
  env: DATABASE_URL === undefined ? {} : { DATABASE_URL, KEYTURN_MASTER_KEY },
  port: 0,
  logLevel: false,
})
const made = { createdBy: 'test', expiresIn: 600 }
const admin = await hub.tokens.create({ ...made, name: 'admin', scopes: ['admin'] })
const instance = await hub.tokens.create({ ...made, name: 'instance', scopes: [`instance:${ring}`] })
process.stdout.write(`${JSON.stringify({ url, admin: admin.token, instance: instance.token })}\n`)
