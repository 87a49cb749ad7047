/** The description of the API, and its page: true, complete, and nothing in it from elsewhere. */
import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { routes } from '../src/http/routes.ts'
import { startHub, type TestHub } from './running-hub.ts'

interface Operation {
  readonly summary?: string
  readonly description?: string
  readonly security?: readonly Readonly<Record<string, unknown>>[]
  readonly requestBody?: unknown
  readonly parameters?: readonly { readonly name: string; readonly in: string }[]
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>
}

interface Description {
  readonly openapi: string
  readonly components: { readonly securitySchemes: Readonly<Record<string, unknown>> }
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

const notInstalled = 77
const validator = `
import json, sys
try:
  import openapi_spec_validator
except ImportError:
  sys.exit(${notInstalled})
openapi_spec_validator.validate(json.load(sys.stdin))
`

const hidden = ['/setup.js', '/pages.css']
const pathOf = (url: string): string => url.replaceAll(/:(\w+)/g, '{$1}')

const description = async (hub: TestHub): Promise<Description> =>
  (await hub.expect(200, 'GET /openapi.json')).json as unknown as Description

describe('/openapi.json', () => {
  it('names every route, with who may call it and how it refuses', async () => {
    const { openapi, components, paths } = await description(await startHub())
    expect(openapi).toMatch(/^3\.1\./)
    const named = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map(method => `${method.toUpperCase()} ${path}`),
    )
    const shown = routes.filter(({ url }) => !hidden.includes(url))
    expect(named.sort()).toEqual(shown.map(({ method, url }) => `${method} ${pathOf(url)}`).sort())
    for (const { method, url, access, body, answers, media } of shown) {
      const operation = paths[pathOf(url)]?.[method.toLowerCase()]
      const name = `${method} ${url}`
      expect(operation?.summary, name).toBeTruthy()
      expect(operation?.requestBody !== undefined, name).toBe(body !== undefined)
      const schemes = (operation?.security ?? []).flatMap(each => Object.keys(each))
      expect(schemes, name).toEqual(
        url === '/v1/forward-auth'
          ? ['proxy']
          : ({ public: [], instance: ['token'], session: ['session'] }[access as string] ?? [
              'token',
              'session',
            ]),
      )
      for (const scheme of schemes) expect(components.securitySchemes, name).toHaveProperty(scheme)
      const { responses = {} } = operation ?? {}
      expect(Object.keys(responses).sort(), name).toEqual([...Object.keys(answers), '4XX', '5XX'].sort())
      for (const status of ['4XX', '5XX'])
        expect(Object.keys(responses[status]?.content ?? {}), name).toEqual(['application/problem+json'])
      if (media !== undefined) expect(Object.keys(responses['200']?.content ?? {}), name).toEqual([media])
      for (const parameter of url.matchAll(/:(\w+)/g))
        expect(operation?.parameters, name).toContainEqual(
          expect.objectContaining({ name: parameter[1], in: 'path', required: true }),
        )
    }
  })

  it('is found valid by a validator that others wrote', async context => {
    const input = JSON.stringify(await description(await startHub()))
    const { status, stderr } = spawnSync('python3', ['-c', validator], { input, encoding: 'utf8' })
    if (status === null || status === notInstalled)
      context.skip('python3 with openapi-spec-validator is not installed')
    expect(stderr).toBe('')
    expect(status).toBe(0)
  })

  it('needs no login, and says nothing of this hub', async () => {
    const hub = await startHub()
    await hub.ring('immonow/production')
    const { text } = await hub.expect(200, 'GET /openapi.json')
    for (const word of ['immonow', '127.0.0.1', 'keyturn-data', process.cwd()])
      expect(text).not.toContain(word)
  })
})

describe('/docs', () => {
  /** What a browser would load for a page, from its elements and its style sheets. */
  const loadedBy = (html: string): string[] =>
    [...html.matchAll(/(?:src|href)="([^"]*)"|url\(([^)]*)\)|@import\s+([^;]*)/g)].map(
      match => match[1] ?? match[2] ?? match[3] ?? '',
    )

  it('loads nothing from elsewhere, and its policy would not let it', async () => {
    const hub = await startHub()
    const page = await hub.expect(200, 'GET /docs')
    const policy = String(page.headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toMatch(/https?:|\*|swagger\.io|unsafe-inline|unsafe-eval|upgrade-insecure/)
    expect(page.text).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>\s*\S/)
    expect(page.text).not.toMatch(/\son\w+=|\sstyle=/)
    const loaded = loadedBy(page.text)
    expect(loaded.length).toBeGreaterThan(4)
    for (const address of loaded) {
      expect(address).toMatch(/^\/docs\/static\/(theme\/)?[\w.-]+$/)
      const { headers, text } = await hub.expect(200, `GET ${address}`)
      expect(headers['content-security-policy'], address).toBe(policy)
      expect(headers['x-content-type-options'], address).toBe('nosniff')
      if (!address.endsWith('.css')) continue
      for (const piece of loadedBy(text)) expect(piece, address).toMatch(/^["']?data:image\/|^#/)
    }
  })

  it('asks this hub alone for the description', async () => {
    const hub = await startHub()
    const { text } = await hub.expect(200, 'GET /docs/static/swagger-initializer.js')
    expect(text).toContain("url: resolveUrl('./json')")
    expect(text).toContain('validatorUrl: null')
    expect(text.match(/https?:\/\/(?!stackoverflow\.com)[^\s'"]+/g) ?? []).toEqual([])
    expect((await hub.expect(200, 'GET /docs/json')).json).toEqual(await description(hub))
  })
})
