import Fastify from 'fastify'
import { Script } from 'node:vm'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Call } from './route.ts'
import { setupRoutes } from './routes/setup-routes.ts'
import { pagesStyle } from '../pages/pages-style.ts'
import { setupPage } from './setup-page.ts'
import { setupScript } from './setup-script.ts'

/** The files of the page, served as the hub does. */
async function fetched(url: string) {
  const app = Fastify()
  onTestFinished(() => app.close())
  const route = setupRoutes.find(each => each.method === 'GET' && each.url === url)
  app.get(url, (request, reply) => route?.handle({ request, reply } as unknown as Call))
  return app.inject(url)
}

describe('the set-up page', () => {
  it.each([
    ['/setup', 'text/html'],
    ['/setup.js', 'text/javascript'],
    ['/pages.css', 'text/css'],
  ])('is served at %s under a policy that lets nothing in from elsewhere', async (url, type) => {
    const { headers, statusCode } = await fetched(url)
    expect(statusCode).toBe(200)
    expect(headers['content-type']).toBe(`${type}; charset=utf-8`)
    expect(headers['cache-control']).toBe('no-store')
    expect(headers['referrer-policy']).toBe('no-referrer')
    expect(String(headers['content-security-policy']).split('; ')).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
      ]),
    )
  })

  it('has no inline script, style or handler, which the policy would refuse', () => {
    expect(setupPage.match(/<script[^>]*>/g)).toEqual(['<script src="/setup.js" defer>'])
    expect(setupPage).not.toMatch(/<style|\sstyle=|\son[a-z]+=|javascript:/i)
    expect(setupScript).not.toMatch(
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|\.style\b/,
    )
    expect(pagesStyle).not.toMatch(/url\(|@import/)
  })

  it('has a script that parses, and an element for everything the script looks for', () => {
    expect(() => new Script(setupScript)).not.toThrow()
    const wanted = [...setupScript.matchAll(/element\('([\w-]+)'\)/g)].map(match => match[1])
    const ids = [...setupPage.matchAll(/ id="([\w-]+)"/g)].map(match => match[1])
    expect(wanted.length).toBeGreaterThan(8)
    expect(ids).toEqual(expect.arrayContaining(wanted))
  })

  it('takes the secret out of the address bar before anything else', () => {
    const [, first, second] = setupScript.split('\n')
    expect(first).toContain('location.hash')
    expect(second).toContain('history.replaceState')
  })

  it('says in German what it says in English', () => {
    const texts = [...setupPage.matchAll(/data-text="(\w+)"/g)].map(match => match[1] ?? '')
    const german = setupScript.slice(
      setupScript.indexOf('const german'),
      setupScript.indexOf('const english'),
    )
    const english = setupScript.slice(
      setupScript.indexOf('const english'),
      setupScript.indexOf('const isGerman'),
    )
    const keysOf = (text: string) => [...text.matchAll(/^ {2,4}(\w+):/gm)].map(match => match[1] ?? '')
    expect(keysOf(german).toSorted()).toEqual([...new Set([...keysOf(english), ...texts])].toSorted())
  })

  it('has a label for every field', () => {
    const fields = [...setupPage.matchAll(/<input[^>]* id="([\w-]+)"/g)].map(match => match[1])
    const labels = [...setupPage.matchAll(/<label for="([\w-]+)"/g)].map(match => match[1])
    expect(fields).toHaveLength(4)
    expect(labels).toEqual(fields)
  })
})
