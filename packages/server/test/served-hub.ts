/** servedHub: a hub's HTTP server on an empty database, asked without a network. Gone when the test ends. */
import { generateSecret, Secret } from 'keyturn'
import { expect, onTestFinished } from 'vitest'
import { createApp } from '../src/http/app.ts'
import type { Database } from '../src/database/open-database.ts'
import { Hub } from '../src/hub.ts'
import { Sealer } from '../src/sealing/sealer.ts'
import { rightPassword as password } from './access-hub.ts'
import { temporaryDatabase } from './temporary-database.ts'

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'
/** With what somebody asks. */
interface Caller {
  readonly cookie?: string
  readonly csrf?: string
  readonly token?: string
}

/** A hub on an empty database, and how to ask it. */
export async function servedHub(kind: Database['kind'] = 'sqlite') {
  const database = await temporaryDatabase(kind)
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const hub = new Hub(database, new Sealer([new Secret(generateSecret())]), log)
  const app = await createApp({ hub, logger: false })
  onTestFinished(() => app.close())
  const ask = async (method: Method, url: string, caller: Caller = {}, body?: object) => {
    const response = await app.inject({
      method,
      url,
      headers: {
        ...(caller.cookie !== undefined && { cookie: `__Host-keyturn=${caller.cookie}` }),
        ...(caller.csrf !== undefined && { 'x-keyturn-csrf': caller.csrf }),
        ...(caller.token !== undefined && { authorization: `Bearer ${caller.token}` }),
      },
      ...(body && { payload: body }),
    })
    const cookie = response.cookies.find(({ name }) => name === '__Host-keyturn')?.value
    const found = response.body === '' ? {} : response.json<Record<string, unknown>>()
    return { status: response.statusCode, body: found, cookie, headers: response.headers }
  }
  /** Somebody who has logged in at the console. */
  const enter = async (name: string, secret: string): Promise<Required<Pick<Caller, 'cookie' | 'csrf'>>> => {
    const { body, cookie } = await ask('POST', '/v1/session', {}, { name, password: secret })
    return { cookie: cookie ?? expect.unreachable(), csrf: String(body['csrf']) }
  }
  /** The first admin, at the console. */
  const setUp = async () => {
    const secret = await hub.links.create({ operator: null })
    const { body, cookie } = await ask('POST', '/v1/setup', {}, { secret, name: 'anna', password })
    return { cookie: cookie ?? expect.unreachable(), csrf: String(body['csrf']), secret }
  }
  /** An operator with a password. */
  const invite = async (admin: Caller, name: string, role: string) => {
    const { body } = await ask('POST', '/v1/operators', admin, { name, role })
    const secret = String(body['link']).split('#')[1]?.split('.')[0]
    await ask('POST', '/v1/setup', {}, { secret, name, password })
  }
  return { ask, app, database, enter, hub, invite, setUp }
}
