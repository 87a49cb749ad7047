/** PageRoute: one page that the hub renders itself, and what its handler is given. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { OperatorPrincipal } from '../access/principal.ts'
import type { Hub } from '../hub.ts'
import type { Access } from '../http/route.ts'
import type { Appearance } from './appearance.ts'
import type { Html } from './html.ts'

export interface PageCall extends Appearance {
  readonly hub: Hub
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  /** Absent for nobody who is logged in. */
  readonly principal?: OperatorPrincipal | undefined
  /** For the forms of a page: empty for nobody who is logged in. */
  readonly csrf: string
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** Empty for a GET. */
  readonly form: URLSearchParams
}

export interface PageRoute {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly access: Extract<Access, 'public' | 'read' | 'operate'>
  /** Asked again and again by a page that nobody may be looking at: does not keep the session alive. */
  readonly isIdle?: true
  /** Where a form leads whose login has ended. @default the address of the request */
  readonly again?: (form: URLSearchParams) => string
  readonly handle: (call: PageCall) => Promise<Page | Redirect> | Page | Redirect
}

export interface Page {
  /** @default 200 */
  readonly status?: number
  readonly title: string
  readonly content: Html
  /** Broader than a form. */
  readonly isWide?: true
  /** Seconds after which the browser asks again. */
  readonly refresh?: number
  /** Seconds, for Retry-After. */
  readonly retryAfter?: number | undefined
}

export interface Redirect {
  readonly location: string
}

/** Nothing but the hub's own style, and nothing inline. */
export const pagePolicy = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self' data:",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ')
