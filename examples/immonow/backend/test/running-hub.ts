/** A hub with one ring, which can go away and come back at the same address. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

export interface HubWithRing {
  /** How an instance of the ring, or a command, reaches the hub. */
  readonly variables: Readonly<Record<string, string>>
  /** The body of its answer. @param path within the ring, as in `/fleet` */
  ask(method: string, path: string, body?: object): Promise<unknown>
  stop(): Promise<void>
  /** The same hub again. */
  start(): Promise<void>
}

const ring = 'immonow/test'
const library = dirname(createRequire(import.meta.url).resolve('keyturn/package.json'))

interface RunningHub {
  readonly url: string
  readonly setupLink: string
  stop(): Promise<void>
}

/** `keyturn serve` as a process of its own. */
async function serve(port: string, data: string): Promise<RunningHub> {
  const args = [join(library, 'bin/keyturn.js'), 'serve', '--port', port, '--data', data, '--json', '-q']
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal)
    await ended
  }
  onTestFinished(() => end('SIGKILL'))
  let output = ''
  for await (const piece of child.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    output += String(piece)
    if (!output.endsWith('\n')) continue
    const { url, setupLink } = JSON.parse(output) as Omit<RunningHub, 'stop'>
    return { url, setupLink, stop: () => end('SIGTERM') }
  }
  throw new Error(`the hub ended: ${output}`)
}

/** @param folder for its data and the file of the access token */
export async function startHub(folder: string): Promise<HubWithRing> {
  const data = join(folder, 'hub')
  let running = await serve('0', data)
  const { url, setupLink } = running
  const send = async (
    method: string,
    path: string,
    body: object,
    headers: Record<string, string> = {},
  ): Promise<Response> => {
    const response = await fetch(url + path, {
      method,
      headers: { ...headers, ...(method === 'POST' && { 'content-type': 'application/json' }) },
      ...(method === 'POST' && { body: JSON.stringify(body) }),
    })
    if (response.ok) return response
    throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
  }
  const entered = await send('POST', '/v1/setup', {
    secret: new URL(setupLink).hash.slice(1),
    name: 'tester',
    password: 'Grüne Wiese 7, hinten links',
  })
  const session = {
    cookie: entered.headers.getSetCookie()[0]?.split(';')[0] ?? '',
    'x-keyturn-csrf': ((await entered.json()) as { csrf: string }).csrf,
  }
  await send('POST', '/v1/rings', { ring, reason: 'a test' }, session)
  const scopes = [`instance:${ring}`, 'operate']
  const created = await send('POST', '/v1/tokens', { name: 'a test', scopes }, session)
  const { token } = (await created.json()) as { token: string }
  const tokenFile = join(folder, 'token')
  writeFileSync(tokenFile, `${token}\n`, { mode: 0o600 })

  return {
    variables: { KEYTURN_URL: url, KEYTURN_RING: ring, KEYTURN_TOKEN_FILE: tokenFile },
    ask: async (method, path, body = {}) => {
      const whole = `/v1/rings/${encodeURIComponent(ring)}${path}`
      return (await send(method, whole, body, { authorization: `Bearer ${token}` })).json()
    },
    stop: () => running.stop(),
    start: async () => {
      running = await serve(new URL(url).port, data)
    },
  }
}
