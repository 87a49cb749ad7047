/** The one place that turns an error into an answer: application/problem+json. RFC 9457. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { KeyturnError, TokenError } from 'keyturn'
import { sendProblem } from 'keyturn/fastify'
import type { Socket } from 'node:net'

import { isBusy } from '../database/database.ts'
import { Problem, problemTable, type ProblemCode } from './problem.ts'
import type { SendPage } from './site.ts'

/**
 * Every answer of the service that is an error comes from here; tokens that were refused, from Keyturn's table.
 * @param sendPage answers for addresses that are no route but a screen of the web front end
 */
export function registerErrorAnswers(app: FastifyInstance, sendPage: SendPage = () => false): void {
  app.setErrorHandler(answerError)
  app.setNotFoundHandler(async (request, reply) => {
    if (sendPage(request, reply)) return reply
    return answerError(new Problem('ERR_ROUTE_NOT_FOUND'), request, reply)
  })
}

/** Sends the document that belongs to an error. */
export async function answerError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  if (error instanceof TokenError || (error instanceof KeyturnError && error.status === 503)) {
    return sendProblem(reply, error)
  }
  const problem = problemFrom(error)
  if (problem.code === 'ERR_INTERNAL') request.log.error({ err: error }, 'a request failed')
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer')
  if (problem.details.retryAfter !== undefined) reply.header('retry-after', problem.details.retryAfter)
  await reply
    .code(problem.status)
    .type(mediaType)
    .send(documentOf(problem, problem.code === 'ERR_INTERNAL' ? request.id : undefined))
}

/** For requests that Node's parser gives up on before there is a request object. */
export function answerUnparsed(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const problem = new Problem(unparsed[error.code ?? ''] ?? 'ERR_REQUEST')
  const body = JSON.stringify(documentOf(problem))
  const head = [
    `HTTP/1.1 ${problem.status} ${problem.message}`,
    `Content-Type: ${mediaType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ]
  if (socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
  socket.destroySoon()
}

const mediaType = 'application/problem+json'

const unparsed: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'ERR_HEADERS_TOO_LARGE',
  ERR_HTTP_REQUEST_TIMEOUT: 'ERR_REQUEST_TIMEOUT',
}

/** Fastify's own refusals, by its codes. */
const framework: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'ERR_BODY_TYPE',
  FST_ERR_CTP_BODY_TOO_LARGE: 'ERR_BODY_TOO_LARGE',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'ERR_BODY_JSON',
  FST_ERR_CTP_INVALID_JSON_BODY: 'ERR_BODY_JSON',
}

function problemFrom(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (isBusy(error)) return new Problem('ERR_DATABASE_BUSY', { retryAfter: 1, cause: error })
  const { code, statusCode } = error as { code?: string; statusCode?: number }
  const known = code === undefined ? undefined : framework[code]
  if (known) return new Problem(known)
  if (error instanceof SyntaxError && statusCode === 400) return new Problem('ERR_BODY_JSON')
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return new Problem('ERR_REQUEST')
  return new Problem('ERR_INTERNAL', { cause: error })
}

function documentOf(problem: Problem, instance?: string): Record<string, unknown> {
  const { detail, reason, fields } = problem.details
  return {
    type: `urn:immonow:problem:${problem.code}`,
    title: problemTable[problem.code].title,
    status: problem.status,
    code: problem.code,
    reason,
    detail,
    fields,
    instance: instance && `urn:immonow:request:${instance}`,
  }
}
