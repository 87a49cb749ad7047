/** probe */
import { it } from 'vitest'
import { startHub } from './running-hub.ts'
import { createApp } from '../src/http/app.ts'
it('p', async () => {
  const hub = await startHub()
  const app = await createApp({ hub: hub.hub, logger: false })
  await app.ready()
  console.log(app.printRoutes({ commonPrefix: false }))
  await hub.ring('immonow/production')
  const as = await hub.token('read')
  for (const what of [
    'GET /v1/rings/immonow%2Fproduction',
    'GET /v1/rings/%E0%A4%A',
    'GET /v1/rings/' + 'a'.repeat(2000),
    'GET /v1/' + 'a'.repeat(20000),
    'PROPFIND /v1/rings',
    'GET /docs',
    'GET /docs/',
    'GET /docs/json',
    'GET /docs/xyz',
    'GET /docs/static/xyz',
    'HEAD /v1/rings',
    'GET //v1/rings',
    'POST /v1/rings/immonow/production',
    'OPTIONS /v1/rings',
    'TRACE /v1/rings',
    'GET /docs/static/swagger-initializer.js',
    'GET /docs/static/index.css',
  ]) {
    const a = await hub.call(what, { as }).catch(e => ({ status: String(e), headers: {}, text: '' }) as never)
    console.log(what.slice(0, 60), a.status, JSON.stringify(a.headers), a.text.slice(0, 300))
  }
  const o = await hub.call('GET /openapi.json')
  console.log(o.text.length, o.text.slice(0, 6000))
})
