import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'

import { startService, type RunningService } from './running-service.ts'
import { temporaryFolder } from './temporary-database.ts'

const page = '<!doctype html><title>ImmoNow</title>'
const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

async function startSite(): Promise<RunningService & { folder: string }> {
  const folder = join(temporaryFolder(), 'site')
  mkdirSync(join(folder, 'assets'), { recursive: true })
  writeFileSync(join(folder, 'index.html'), page)
  writeFileSync(join(folder, 'assets/index-a1b2c3.js'), 'script()')
  writeFileSync(join(folder, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
  writeFileSync(join(folder, '.hidden'), 'hidden')
  writeFileSync(join(dirname(folder), 'secret.txt'), 'outside')
  return { folder, ...(await startService({ settings: { siteFolder: folder } })) }
}

/** As it is written: no client resolves the dots first. */
function rawGet(url: string, path: string): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(Number(port), hostname)
    socket.setEncoding('utf8')
    socket.on('data', chunk => (text += String(chunk))).on('error', reject)
    socket.on('end', () => resolve(text))
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nConnection: close\r\n\r\n`)
  })
}

describe('the web front end', () => {
  it('answers with its page for every screen, never cached', async () => {
    const { app } = await startSite()
    for (const url of [
      '/',
      '/write',
      '/login?reason=expired&returnTo=/write',
      '/my-listings/',
      '/index.html',
    ]) {
      const answer = await app.inject({ url, headers: html })
      expect([answer.statusCode, answer.body], url).toEqual([200, page])
      expect(answer.headers['content-type'], url).toBe('text/html; charset=utf-8')
      expect(answer.headers['cache-control'], url).toBe('no-cache')
    }
    expect((await app.inject('/')).body).toBe(page)
    const head = await app.inject({ method: 'HEAD', url: '/write', headers: html })
    expect([head.statusCode, head.body]).toEqual([200, ''])
    const known = await app.inject({ url: '/', headers: html })
    const again = await app.inject({
      url: '/',
      headers: { ...html, 'if-none-match': String(known.headers['etag']) },
    })
    expect(again.statusCode).toBe(304)
  })

  it('is no answer for programs, for other methods, and below the routes', async () => {
    const { app } = await startSite()
    const json = { accept: 'application/json' }
    for (const [method, url, headers] of [
      ['GET', '/write', json],
      ['GET', '/write', {}],
      ['POST', '/write', html],
      ['GET', '/api/nothing', html],
      ['GET', '/api', html],
      ['GET', '/healthz/x', html],
      ['GET', '/assets/old-000000.js', html],
      ['GET', '/assets/', html],
      ['GET', '/.hidden', json],
    ] as const) {
      const answer = await app.inject({ method, url, headers })
      expect([answer.statusCode, answer.json().code], `${method} ${url}`).toEqual([
        404,
        'ERR_ROUTE_NOT_FOUND',
      ])
    }
    expect((await app.inject({ url: '/api/listings', headers: html })).json().total).toBe(200)
    expect((await app.inject({ url: '/healthz', headers: html })).json()).toEqual({ status: 'ok' })
  })

  it('lets browsers keep for good what has a hash in its name', async () => {
    const { app } = await startSite()
    const script = await app.inject('/assets/index-a1b2c3.js')
    expect([script.statusCode, script.body]).toEqual([200, 'script()'])
    expect(script.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect(script.headers['content-type']).toMatch(/^(text|application)\/javascript/)
    expect((await app.inject('/favicon.svg')).headers['cache-control']).toBe('no-cache')
  })

  it('allows nothing but files of its own origin', async () => {
    const { app } = await startSite()
    for (const url of ['/', '/write', '/assets/index-a1b2c3.js', '/api/listings', '/api/nothing']) {
      const { headers } = await app.inject({ url, headers: html })
      expect(headers, url).toMatchObject({
        'content-security-policy':
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
          "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'same-origin',
        'cross-origin-opener-policy': 'same-origin',
      })
    }
  })

  it('gives away nothing outside of its folder', async () => {
    const { url } = await startSite()
    for (const path of [
      '/../secret.txt',
      '/assets/../../secret.txt',
      '/%2e%2e/secret.txt',
      '/..%2fsecret.txt',
      '/assets/..%2f..%2fsecret.txt',
      '/%252e%252e%252fsecret.txt',
      '/..%5csecret.txt',
      '/..\\secret.txt',
      '//etc/passwd',
      '/%00/../secret.txt',
      '/index.html%00.js',
      '/.hidden',
    ]) {
      const answer = await rawGet(url, path)
      expect(answer, path).toMatch(/^HTTP\/1\.1 (200|400|404) /)
      expect(answer, path).not.toMatch(/outside|hidden|root:/)
      // What is no file is a screen at most.
      if (answer.startsWith('HTTP/1.1 200')) expect(answer, path).toContain(page)
    }
  })

  it('says so when its page is gone', async () => {
    const { app, folder } = await startSite()
    rmSync(join(folder, 'index.html'))
    for (const url of ['/', '/write']) {
      const answer = await app.inject({ url, headers: html })
      expect([answer.statusCode, answer.json().code], url).toEqual([404, 'ERR_ROUTE_NOT_FOUND'])
    }
  })

  it('is not there unless it is asked for', async () => {
    const { app } = await startService()
    const answer = await app.inject({ url: '/', headers: html })
    expect([answer.statusCode, answer.headers['content-security-policy']]).toEqual([404, undefined])
  })
})
