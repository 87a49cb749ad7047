import { describe, expect, it } from 'vitest'

import { cleanUp } from '../src/database/cleanup.ts'
import { startService } from './running-service.ts'

const url = '/api/auth/unexpected-sign-out'
const payload = { reason: 'expired' }

describe('POST /api/auth/unexpected-sign-out', () => {
  it('counts, without a login', async () => {
    const { app, keyring } = await startService()
    for (const reason of ['expired', 'security']) {
      const answer = await app.inject({ method: 'POST', url, payload: { reason } })
      expect([answer.statusCode, answer.body, answer.headers['cache-control']]).toEqual([204, '', 'no-store'])
    }
    expect(keyring.counters().unexpectedSignOuts).toBe(2)
    const metrics = (await app.inject('/metrics')).body.split('\n')
    expect(metrics).toContain('keyturn_unexpected_sign_outs_total 2')
  })

  it('takes JSON with a reason and nothing else', async () => {
    const { app, keyring } = await startService()
    const text = { 'content-type': 'text/plain' }
    for (const [status, request] of [
      [400, { payload: {} }],
      [400, { payload: { reason: 'boredom' } }],
      [400, { payload: { ...payload, name: 'x' } }],
      [415, { payload: '{"reason":"expired"}', headers: text }],
    ] as const)
      expect((await app.inject({ method: 'POST', url, ...request })).statusCode).toBe(status)
    expect(keyring.counters().unexpectedSignOuts).toBe(0)
  })

  it('hears 20 of an address in an hour', async () => {
    const { app, database, keyring, time } = await startService({ settings: { trustProxy: '127.0.0.1' } })
    const send = async (from: string) =>
      app.inject({ method: 'POST', url, payload, headers: { 'x-forwarded-for': from } })
    const burst = await Promise.all(Array.from({ length: 25 }, () => send('192.0.2.1')))
    expect(burst.filter(({ statusCode }) => statusCode === 204)).toHaveLength(20)
    const refused = await send('192.0.2.1')
    expect([refused.statusCode, refused.json().code]).toEqual([429, 'ERR_REPORT_LIMIT'])
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(3500)
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(3600)
    expect((await send('192.0.2.2')).statusCode).toBe(204)
    expect(keyring.counters().unexpectedSignOuts).toBe(21)

    time.offset += 3_600_001
    await cleanUp(database, Date.now() + time.offset)
    expect(database.get('SELECT count(*) AS rows FROM sign_out_reports')).toEqual({ rows: 0 })
    expect((await send('192.0.2.1')).statusCode).toBe(204)
  })
})
