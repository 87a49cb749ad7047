/** addConsole: the console's files, as its build has left them. */
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** The same from the sources and from what they are compiled to. */
const built = resolve(import.meta.dirname, '../../dist/console')

const notBuilt = 'The console is not built: run npm run build, and start the hub again.\n'

/** The names of these files change with what is in them. */
const immutable = 'public, max-age=31536000, immutable'

/** Answers a page of the console; false where the request asks for something else. */
export type ConsolePage = (request: FastifyRequest, reply: FastifyReply) => boolean

/** @param folder of the build. @default that of the package */
export async function addConsole(app: FastifyInstance, folder: string = built): Promise<ConsolePage> {
  if (!existsSync(join(folder, 'index.html'))) {
    app.get('/', { schema: { hide: true } }, (_, reply) =>
      reply.header('content-type', 'text/plain; charset=utf-8').send(notBuilt),
    )
    return () => false
  }
  await app.register(fastifyStatic, {
    root: folder,
    cacheControl: false,
    // A route for each file: one for all would come before what the router says of addresses that it cannot read.
    wildcard: false,
    setHeaders: (response, path) => {
      response.setHeader('cache-control', path.startsWith(join(folder, 'assets')) ? immutable : 'no-cache')
    },
  })
  return (request, reply) => {
    if (!isPage(request)) return false
    void reply.sendFile('index.html')
    return true
  }
}

/** The console finds its way by itself; what is under /v1 is no page of it. */
const isPage = ({ method, url, headers }: FastifyRequest): boolean =>
  (method === 'GET' || method === 'HEAD') &&
  !/^\/(v1|assets|docs)\//.test(url) &&
  (headers.accept ?? '').includes('text/html')
