/** A Fastify server with one bare route: what forward-auth is compared with. */
// @ts-check
import Fastify from 'fastify'

const app = Fastify({ logger: false })
app.get('/bare', async () => ({ ok: true }))
await app.listen({ host: '127.0.0.1', port: 0 })
const address = app.server.address()
process.send?.({ url: typeof address === 'object' ? `http://127.0.0.1:${address?.port}` : '' })
process.on('message', () => process.exit(0))
