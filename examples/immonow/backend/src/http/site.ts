/** siteIn: the web front end of a folder. Its files, and its page for every address that is a screen of it. */
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

export interface Site {
  register(app: FastifyInstance): Promise<void>
  /** Sends the page; false when the request is not for one. */
  readonly sendPage: SendPage
}

export type SendPage = (request: FastifyRequest, reply: FastifyReply) => boolean

/** Everything is a file of this origin; nothing is inline. */
const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const

const page = 'index.html'

/** Below these there is no screen: what is not there is an error. */
const noScreen = /^\/(api|healthz|readyz|metrics|assets)(\/|$)/

/** @param folder what Vite built, with `index.html` */
export function siteIn(folder: string): Site {
  // Names in this folder change with their content.
  const assets = join(folder, 'assets/')

  return {
    async register(app) {
      await app.register(fastifyStatic, {
        root: folder,
        index: false,
        // A folder is no file: it may be the address of a screen.
        allowedPath: path => !path.endsWith('/'),
        dotfiles: 'ignore',
        cacheControl: false,
        setHeaders: (response, file) => {
          const isForGood = file.startsWith(assets)
          response.setHeader('cache-control', isForGood ? 'public, max-age=31536000, immutable' : 'no-cache')
        },
      })
      app.addHook('onSend', async (_request, reply) => {
        reply.headers(headers)
      })
      app.get('/', async (_request, reply) => reply.sendFile(page))
    },

    sendPage(request, reply) {
      if (!asksForPage(request) || !existsSync(join(folder, page))) return false
      void reply.sendFile(page)
      return true
    },
  }
}

function asksForPage({ method, url, headers }: FastifyRequest): boolean {
  const [path = ''] = url.split('?')
  const acceptsHtml = /(^|,)\s*text\/html\s*(;|,|$)/i.test(headers.accept ?? '')
  return (method === 'GET' || method === 'HEAD') && acceptsHtml && !noScreen.test(path)
}
