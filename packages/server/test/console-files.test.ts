/** The console's files: served as its build has left them, under a policy that lets nothing else in. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createApp } from '../src/http/app.ts'
import { startHub, temporaryData } from './running-hub.ts'

const index = '<!doctype html><title>console</title>'
const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

async function served({ isBuilt = true } = {}) {
  const consoleFolder = temporaryData()
  if (isBuilt) {
    mkdirSync(join(consoleFolder, 'assets'))
    writeFileSync(join(consoleFolder, 'index.html'), index)
    writeFileSync(join(consoleFolder, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
    writeFileSync(join(consoleFolder, 'assets', 'main-Bx3f.js'), 'export {}')
  }
  const { hub } = await startHub()
  const app = await createApp({ hub, logger: false, consoleFolder })
  onTestFinished(() => app.close())
  return (method: 'GET' | 'HEAD' | 'POST', url: string, headers = {}) => app.inject({ method, url, headers })
}

describe('the console', () => {
  it('is at / and at every address of its own, and is asked for again each time', async () => {
    const ask = await served()
    for (const url of ['/', '/index.html', '/rings/a/b', '/settings?x=1', '/a/b.c', '/docs-x', '/docsx/a']) {
      const { statusCode, body, headers } = await ask('GET', url, html)
      expect([url, statusCode, body]).toEqual([url, 200, index])
      expect(headers['content-type']).toBe('text/html; charset=utf-8')
      expect(headers['cache-control']).toBe('no-cache')
      expect(String(headers['content-security-policy']).split('; ')).toEqual([
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
      ])
      expect(headers['x-content-type-options']).toBe('nosniff')
    }
    expect((await ask('GET', '/')).body).toBe(index)
    expect((await ask('HEAD', '/rings/a/b', html)).statusCode).toBe(200)
  })

  it('has files whose names change with them, which are kept', async () => {
    const ask = await served()
    const script = await ask('GET', '/assets/main-Bx3f.js')
    expect(script.headers).toMatchObject({
      'content-type': expect.stringMatching(/^(text|application)\/javascript; charset=utf-8$/),
      'cache-control': 'public, max-age=31536000, immutable',
    })
    const icon = await ask('GET', '/icon.svg')
    expect([icon.statusCode, icon.headers['cache-control']]).toEqual([200, 'no-cache'])
  })

  it('is no answer to anything else', async () => {
    const ask = await served()
    const asked = [
      ['GET', '/assets/none.js', html],
      ['GET', '/v1/none', html],
      ['GET', '/none', {}],
      ['GET', '/none', { accept: 'application/json' }],
      ['POST', '/none', html],
      ['GET', '/../package.json', {}],
      ['GET', '/%2e%2e/package.json', {}],
      ['GET', '/assets/..%2f..%2fpackage.json', {}],
    ] as const
    for (const [method, url, headers] of asked) {
      const answer = await ask(method, url, headers)
      expect([url, answer.statusCode]).toEqual([url, 404])
      expect(answer.json()).toMatchObject({ code: 'ERR_ROUTE_NOT_FOUND' })
    }
  })

  it('does not come before what the hub answers itself', async () => {
    const ask = await served()
    expect((await ask('GET', '/v1/rings', html)).json()).toMatchObject({ code: 'ERR_AUTH_REQUIRED' })
    expect((await ask('GET', '/login', html)).body).toContain('action="/login"')
    expect((await ask('GET', '/emergency', html)).statusCode).toBe(303)
    expect((await ask('GET', '/healthz', html)).json()).toEqual({ status: 'ok' })
    expect((await ask('GET', '/docs', html)).body).toContain('swagger')
  })

  it('that is not built says how to build it', async () => {
    const ask = await served({ isBuilt: false })
    const { statusCode, body, headers } = await ask('GET', '/', html)
    expect([statusCode, headers['content-type']]).toEqual([200, 'text/plain; charset=utf-8'])
    expect(body).toContain('npm run build')
    expect((await ask('GET', '/rings', html)).statusCode).toBe(404)
    expect((await ask('GET', '/login', html)).statusCode).toBe(200)
  })
})
