/** Route: one row of the route table. Everything about a route is here, so that the API's description and the matrix of roles are made from it. */
import { KeyturnError } from 'keyturn'
import type { RotationContext } from 'keyturn/rotation'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ZodType } from 'zod'
import type { Hub } from '../hub.ts'
import { actorOf, type Principal } from '../access/principal.ts'

/**
 * Who may call it. `any`: whoever is logged in. `session`: an operator with a cookie. `instance`: a token with
 * `instance:RING` for the ring in the path or the query. `read`, `operate`, `admin`: that role or scope, or more.
 */
export type Access = 'public' | 'any' | 'session' | 'instance' | 'read' | 'operate' | 'admin'

/** What a handler is given. */
export interface Call {
  readonly hub: Hub
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  /** Absent on public routes. */
  readonly principal?: Principal
  /** Checked by the schema. */
  readonly params: Readonly<Record<string, string>>
  readonly query: unknown
  readonly body: unknown
  /** With an Idempotency-Key: the same text for the same caller and key. */
  readonly once?: string
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** `/v1/rings/:ring`. */
  readonly url: string
  readonly access: Access
  /** One line for the API's description. */
  readonly summary: string
  readonly params?: ZodType
  readonly query?: ZodType
  readonly body?: ZodType
  /** Schema of each answer that is no problem, by status. */
  readonly answers: Readonly<Record<number, ZodType>>
  /** Of the answer. @default JSON, or nothing */
  readonly media?: 'text/plain' | 'text/event-stream' | 'text/html' | 'text/javascript' | 'text/css'
  /** Takes an Idempotency-Key: the same key and request give the same answer. */
  readonly idempotent?: true
  /** Returns the body; the status is the first of `answers` unless `reply` has been given another. */
  readonly handle: (call: Call) => unknown
}

/** Who calls a route that is not public. */
export function callerOf({ principal }: Pick<Call, 'principal'>): Principal {
  if (!principal) throw new KeyturnError('ERR_AUTH_REQUIRED')
  return principal
}

/** The ring in the path. */
export const ringIn = ({ params }: Pick<Call, 'params'>): string => params['ring'] ?? ''

/** What a rotation on the ring in the path works with, in the name of whoever calls. */
export const contextIn = (call: Call): RotationContext =>
  call.hub.contextOf(ringIn(call), actorOf(callerOf(call)))
