import { describe, expect, it } from 'vitest'
import { Later } from '../api/patience.ts'
import type { ApiAnswer, ApiRequest } from '../api/transport.ts'
import { refreshResult, sessionGate, type SessionGate } from './session-gate.ts'

const answer = (status: number, body: unknown = {}): ApiAnswer => ({ status, body, retryAfter: undefined })
const user = { id: 'u', email: 'e', name: 'n' }

function gateTo(...answers: (ApiAnswer | Later)[]): {
  gate: SessionGate
  log: string[]
  requests: ApiRequest[]
} {
  const log: string[] = []
  const requests: ApiRequest[] = []
  const gate = sessionGate({
    transport: async request => {
      requests.push(request)
      return answers.shift() ?? answer(500)
    },
    alone: async work => {
      log.push('lock')
      try {
        return await work()
      } finally {
        log.push('unlock')
      }
    },
    sleep: async () => void log.push('sleep'),
    random: () => 0,
    waiting: () => undefined,
    mayBeSignedIn: () => true,
  })
  return { gate, log, requests }
}

describe('refreshResult', () => {
  it('takes nothing but a 401 for an end', () => {
    for (const status of [0, 400, 403, 404, 429, 500, 200])
      expect(refreshResult(answer(status)), String(status)).toEqual({ kind: 'unreachable' })
    expect(refreshResult(new Later(5))).toEqual({ kind: 'unreachable' })
    expect(refreshResult(answer(401))).toEqual({ kind: 'ended', reason: 'expired' })
    expect(refreshResult(answer(401, { code: 'ERR_SESSION_ENDED', reason: 'security' }))).toEqual({
      kind: 'ended',
      reason: 'security',
    })
    expect(refreshResult(answer(401, { code: 'ERR_SESSION_MISSING', reason: 'expired' }))).toEqual({
      kind: 'nobody',
    })
  })
})

describe('sessionGate', () => {
  it('waits out a 503 without keeping other tabs waiting', async () => {
    const signedIn = { accessToken: 't', expiresIn: 900, user }
    const { gate, log } = gateTo(new Later(2), answer(200, signedIn))
    expect(await gate.refresh()).toEqual({ kind: 'signed-in', signedIn })
    expect(log).toEqual(['lock', 'unlock', 'sleep', 'lock', 'unlock'])
  })

  it('looks once', async () => {
    const { gate, log } = gateTo(new Later(2))
    expect(await gate.look()).toEqual({ kind: 'unreachable' })
    expect(log).toEqual(['lock', 'unlock'])
  })

  it('signs in, or says why not', async () => {
    const { gate, requests } = gateTo(
      answer(401, { code: 'ERR_LOGIN_FAILED' }),
      answer(200, { accessToken: 't' }),
    )
    const credentials = { email: 'e', password: 'p' }
    await expect(gate.signIn(credentials)).rejects.toMatchObject({ code: 'ERR_LOGIN_FAILED' })
    expect(await gate.signIn(credentials)).toMatchObject({ accessToken: 't' })
    expect(requests[0]).toMatchObject({ method: 'POST', path: '/api/auth/login', body: credentials })
  })

  it('is not signed out before the backend says so', async () => {
    const { gate } = gateTo(...Array.from({ length: 20 }, () => new Later(5)))
    await expect(gate.signOut()).rejects.toMatchObject({ code: 'ERR_UNREACHABLE' })
    await expect(gateTo(answer(204)).gate.signOut()).resolves.toBeUndefined()
  })
})
