/** What becomes of every answer that a hub, a proxy, or nobody gives. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { KeyturnError } from 'keyturn'
import { describe, expect, it, onTestFinished } from 'vitest'
import { hubAddress, setupLink } from './hub-address.ts'
import { HubClient, type HubClientOptions } from './hub-client.ts'
import { NoAnswer } from './hub-problem.ts'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** A client of a server that answers like this. */
async function clientOf(answer: Answer, options: Partial<HubClientOptions> = {}): Promise<HubClient> {
  const server = createServer(answer)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return new HubClient({ url: `http://127.0.0.1:${port}`, token: 'kt_a_test', ...options })
}

const problem =
  (status: number, body: object): Answer =>
  (_, response) =>
    void response
      .writeHead(status, { 'content-type': 'application/problem+json' })
      .end(JSON.stringify({ type: 'urn:keyturn:error', status, ...body }))

const errorOf = async (work: Promise<unknown>): Promise<KeyturnError> => {
  const error: unknown = await work.catch((caught: unknown) => caught)
  if (error instanceof KeyturnError) return error
  return expect.fail(`no KeyturnError: ${String(error)}`)
}

describe('HubClient', () => {
  it('sends the token, and encodes each part of the address', async () => {
    let seen: IncomingMessage | undefined
    const client = await clientOf((request, response) => {
      seen = request
      response.end('{"a":"b"}')
    })
    expect(await client.get(['rings', 'immonow/production'], { query: { limit: 5 } })).toEqual({ a: 'b' })
    expect(seen?.url).toBe('/v1/rings/immonow%2Fproduction?limit=5')
    expect(seen?.headers.authorization).toBe('Bearer kt_a_test')
  })

  it('refuses parts of an address that lead elsewhere', async () => {
    const client = new HubClient({ url: 'http://127.0.0.1:9' })
    for (const part of ['..', '.', ''])
      expect(await errorOf(client.get(['rings', part]))).toMatchObject({ code: 'ERR_USAGE' })
  })

  it('gives a problem the code, the text and the exit code of the hub', async () => {
    const client = await clientOf(
      problem(409, { code: 'ERR_RING_RETIRING', detail: 'the key x is still retiring', fix: 'wait' }),
    )
    expect(await errorOf(client.get(['rings']))).toMatchObject({
      code: 'ERR_RING_RETIRING',
      message: 'the key x is still retiring',
      fix: 'wait',
      exitCode: 6,
    })
  })

  it.each([
    [400, 2],
    [401, 4],
    [403, 4],
    [404, 5],
    [409, 6],
    [429, 4],
    [500, 1],
  ])('shows a code that it does not know, with status %i as exit %i', async (status, exitCode) => {
    const client = await clientOf(problem(status, { code: 'ERR_FROM_LATER', title: 'Something new' }))
    const error = await errorOf(client.get(['rings']))
    expect(error).toMatchObject({ code: 'ERR_FROM_LATER', message: 'Something new', exitCode })
    expect(error.fix).toContain('newer')
  })

  it('gives the findings of a weak secret', async () => {
    const findings = [{ rule: 'length', severity: 'error', message: 'too short', remedy: 'longer' }]
    const client = await clientOf(problem(400, { code: 'ERR_CONFIG_SECRET_WEAK', detail: 'weak', findings }))
    expect(await errorOf(client.post(['keys']))).toMatchObject({ findings, exitCode: 3 })
  })

  it('names the request of a mistake that the hub made', async () => {
    const client = await clientOf(problem(500, { code: 'ERR_HUB_INTERNAL', requestId: 'req-7' }))
    expect((await errorOf(client.get(['rings']))).message).toContain('req-7')
  })

  it.each<readonly [string, Answer]>([
    ['a page', (_, response) => void response.end('<html>Welcome</html>')],
    ['a page that is not there', (_, response) => void response.writeHead(404).end('not found')],
    ['half of a document', (_, response) => void response.end('{"rings":[')],
  ])('takes %s for no hub', async (_, answer) => {
    const client = await clientOf(answer)
    const error = await errorOf(client.get(['rings']))
    expect(error).toMatchObject({ code: 'ERR_STORE_UNREACHABLE', exitCode: 1 })
    expect(error.message).toMatch(/^127\.0\.0\.1:\d+ is not a hub/)
  })

  it('follows no redirection with its token, and says where it leads', async () => {
    let asked = 0
    const client = await clientOf((request, response) => {
      asked += 1
      response.writeHead(302, { location: `http://127.0.0.1:9${request.url}` }).end()
    })
    expect((await errorOf(client.get(['rings']))).message).toContain('redirects to http://127.0.0.1:9')
    expect(asked).toBe(1)
  })

  it('gives up after its deadline, and says after how long', async () => {
    const client = await clientOf(() => undefined, { deadline: 50 })
    const error = await errorOf(client.get(['rings']))
    expect(error).toMatchObject({ code: 'ERR_STORE_UNREACHABLE' })
    expect(error.message).toMatch(/did not answer within 0\.05 s/)
  })

  it('says that nothing listens, at once and also for a POST', async () => {
    const server = createServer()
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    await new Promise(resolve => server.close(resolve))
    const client = new HubClient({ url: `http://127.0.0.1:${port}` })
    for (const ask of [() => client.get(['rings']), () => client.post(['rings'])])
      expect((await errorOf(ask())).message).toBe(`127.0.0.1:${port} does not answer: nothing listens there`)
    const refused = new HubClient({ url: 'http://127.0.0.1:9' })
    expect((await errorOf(refused.get(['rings']))).message).toBe('127.0.0.1:9 does not answer: bad port')
  })

  it('sends a POST that got no answer again, with the same Idempotency-Key and body', async () => {
    const keys: unknown[] = []
    const bodies: string[] = []
    const client = await clientOf((request, response) => {
      keys.push(request.headers['idempotency-key'])
      let body = ''
      request.on('data', (piece: Buffer) => (body += piece.toString()))
      request.on('end', () => {
        bodies.push(body)
        if (keys.length === 1) request.socket.destroy()
        else if (keys.length === 2) response.writeHead(503, { 'content-type': 'text/html' }).end('a proxy')
        else response.writeHead(201).end('{"done":true}')
      })
    })
    expect(await client.post(['rings'], { ring: 'a/b' })).toEqual({ done: true })
    expect(keys).toHaveLength(3)
    expect(new Set(keys).size).toBe(1)
    expect(String(keys[0])).toMatch(/^[\w-]{16,}$/)
    expect(new Set(bodies)).toEqual(new Set(['{"ring":"a/b"}']))
    await client.post(['rings'])
    expect(new Set(keys).size).toBe(2)
  })

  it('does not send a POST again that was refused', async () => {
    let asked = 0
    const client = await clientOf((request, response) => {
      asked += 1
      problem(409, { code: 'ERR_RING_EXISTS' })(request, response)
    })
    expect(await errorOf(client.post(['rings']))).toMatchObject({ code: 'ERR_RING_EXISTS' })
    expect(asked).toBe(1)
  })

  it('says of a POST without any answer that it may have been done', async () => {
    const client = await clientOf(request => void request.socket.destroy(), { persistence: 300 })
    const error = await errorOf(client.post(['rings']))
    expect(error).toBeInstanceOf(NoAnswer)
    expect(error.fix).toContain('is not known')
  })

  it('lets no control character through to the terminal', async () => {
    const client = await clientOf((_, response) => void response.end('{"name":"a\\u001b[2Jb"}'))
    expect(await client.get(['whoami'])).toEqual({ name: 'a [2Jb' })
  })
})

describe('hubAddress', () => {
  it.each([
    ['https://keys.example.com/', 'https://keys.example.com'],
    ['https://example.com/keys/', 'https://example.com/keys'],
    ['http://127.0.0.1:8180', 'http://127.0.0.1:8180'],
    ['http://localhost:8180', 'http://localhost:8180'],
    ['http://[::1]:8180', 'http://[::1]:8180'],
  ])('takes %s', (text, address) => expect(hubAddress(text, false)).toBe(address))

  it.each([
    ['http://keys.example.com', 'ERR_HUB_PLAIN_HTTP'],
    ['http://127.0.0.1.example.com', 'ERR_HUB_PLAIN_HTTP'],
    ['https://lena:hunter2hunter2@keys.example.com', 'ERR_USAGE'],
    ['https://keys.example.com/?token=x', 'ERR_USAGE'],
    ['keys.example.com', 'ERR_USAGE'],
    ['ftp://keys.example.com', 'ERR_USAGE'],
  ])('refuses %s', (text, code) => {
    const refused = (): string => hubAddress(text, false)
    expect(refused).toThrow(expect.objectContaining({ code }))
    expect(refused).not.toThrow(/hunter2/)
  })

  it('takes plain http beyond this machine when it is told to', () =>
    expect(hubAddress('http://keys.example.com', true)).toBe('http://keys.example.com'))
})

describe('setupLink', () => {
  it('takes a link apart: the hub, the secret, and whom it is for', () => {
    expect(setupLink('http://127.0.0.1:8180/setup#abc-DEF_123')).toEqual({
      url: 'http://127.0.0.1:8180',
      secret: 'abc-DEF_123',
      name: undefined,
    })
    expect(setupLink('https://example.com/keys/setup#abcdefgh.m.weber')).toMatchObject({
      url: 'https://example.com/keys',
      name: 'm.weber',
    })
    expect(setupLink('https://example.com')).toBeUndefined()
  })
})
