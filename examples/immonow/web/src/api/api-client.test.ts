import { describe, expect, it } from 'vitest'
import { apiClient, type ApiClient } from './api-client.ts'
import { apiTransport } from './transport.ts'

interface Server {
  readonly api: ApiClient
  readonly requests: { url: string; token: string | null; body: unknown }[]
  readonly sleeps: number[]
  readonly renewed: string[]
  token: string | undefined
}

type Step = Response | Error

const json = (status: number, body: unknown, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers })

function server(...steps: Step[]): Server {
  const state: Server = { api: undefined as never, requests: [], sleeps: [], renewed: [], token: 't1' }
  const fetch = async (url: unknown, init: RequestInit = {}): Promise<Response> => {
    const token = new Headers(init.headers).get('authorization')
    state.requests.push({ url: String(url), token, body: init.body })
    const step = steps.shift()
    if (step === undefined) throw new Error('one request too many')
    if (step instanceof Error) throw step
    return step
  }
  const ports = {
    sleep: async (milliseconds: number) => void state.sleeps.push(milliseconds),
    random: () => 0,
    waiting: () => undefined,
  }
  const tokens = {
    token: async () => state.token,
    renew: async (refused: string) => {
      state.renewed.push(refused)
      state.token = state.token === undefined ? undefined : `${refused}+`
    },
  }
  const api = apiClient(apiTransport(fetch), ports, tokens)
  return Object.assign(state, { api })
}

const get = { method: 'GET', path: '/api/x' } as const
const post = { method: 'POST', path: '/api/x', body: { a: 1 } } as const

describe('apiClient', () => {
  it('answers with the body', async () => {
    const { api, requests } = server(json(200, { ok: true }))
    expect(await api(get)).toEqual({ ok: true })
    expect(requests).toEqual([{ url: '/api/x', token: null, body: undefined }])
  })

  it('waits out a 503 as long as it says, for every method', async () => {
    for (const request of [get, post]) {
      const state = server(json(503, {}, { 'retry-after': '3' }), json(503, {}), json(201, { id: 1 }))
      expect(await state.api(request)).toEqual({ id: 1 })
      expect(state.sleeps).toEqual([3000, 1000])
    }
  })

  it('repeats after a lost answer what may be done twice, and nothing else', async () => {
    const state = server(new TypeError('network'), json(502, {}), json(200, 'here'))
    expect(await state.api(get)).toBe('here')
    for (const lost of [new TypeError('network'), json(504, {})]) {
      const other = server(lost)
      await expect(other.api(post)).rejects.toMatchObject({ name: 'ApiError' })
      expect(other.requests).toHaveLength(1)
    }
  })

  it('says that nothing can be reached when a 503 stays', async () => {
    const state = server(...Array.from({ length: 20 }, () => json(503, {})))
    await expect(state.api({ ...get, signedIn: true })).rejects.toMatchObject({
      status: 503,
      code: 'ERR_UNREACHABLE',
    })
    expect(state.renewed).toEqual([])
  })

  it('renews a token that is refused and sends the request again', async () => {
    const state = server(json(401, { code: 'ERR_TOKEN_EXPIRED' }), json(200, 'mine'))
    expect(await state.api({ ...get, signedIn: true })).toBe('mine')
    expect(state.renewed).toEqual(['t1'])
    expect(state.requests.map(({ token }) => token)).toEqual(['Bearer t1', 'Bearer t1+'])
  })

  it('does not renew for ever', async () => {
    const state = server(...Array.from({ length: 3 }, () => json(401, { code: 'ERR_KEY_UNKNOWN' })))
    await expect(state.api({ ...get, signedIn: true })).rejects.toMatchObject({
      status: 401,
      code: 'ERR_KEY_UNKNOWN',
    })
  })

  it('sends nothing that needs a login when nobody is signed in', async () => {
    const state = server()
    state.token = undefined
    await expect(state.api({ ...get, signedIn: true })).rejects.toMatchObject({ code: 'ERR_SIGNED_OUT' })
  })

  it('names the fields that were refused', async () => {
    const problem = { code: 'ERR_VALIDATION', fields: [{ field: 'price', message: 'x' }, null, { field: 1 }] }
    const { api } = server(json(400, problem))
    await expect(api(post)).rejects.toMatchObject({ status: 400, code: 'ERR_VALIDATION', fields: ['price'] })
    const broken = server(new Response('<h1>oops', { status: 500 }))
    await expect(broken.api(post)).rejects.toMatchObject({ status: 500, code: 'ERR_UNKNOWN', fields: [] })
  })

  it('stops waiting when it is told to', async () => {
    const stop = new AbortController()
    stop.abort(new Error('left the page'))
    const { api } = server(new TypeError('network'))
    await expect(api({ ...get, signal: stop.signal })).rejects.toThrow('left the page')
  })
})
