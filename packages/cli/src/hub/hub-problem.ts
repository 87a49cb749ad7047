/** HubProblem, NoAnswer: what a hub refused, and that it did not answer at all. */
import { ConfigError, errorTable, KeyturnError, StoreError, type ErrorCode } from 'keyturn'

/** A problem document of RFC 9457, or the problem of a rotation. Nothing of it is certain. */
export interface ProblemDocument {
  readonly code?: unknown
  readonly title?: unknown
  readonly detail?: unknown
  readonly fix?: unknown
  readonly status?: unknown
  /** Exit code, in the problem of a rotation. */
  readonly exit?: unknown
  readonly requestId?: unknown
  readonly findings?: unknown
}

const isKnown = (code: string): code is ErrorCode => Object.hasOwn(errorTable, code)

/** What the hub refused, with its code, even one that this version does not know. */
export class HubProblem extends KeyturnError {
  override readonly code: ErrorCode
  /** Status of the answer; undefined for a rotation's problem. */
  readonly answered: number | undefined
  readonly #fix: string
  readonly #exit: number

  constructor(
    code: string,
    message: string,
    options: { readonly fix: string; readonly exit: number; readonly status: number | undefined },
  ) {
    super('ERR_HUB_INTERNAL', message)
    // A newer hub may say what this table lacks: it is shown as it came.
    this.code = code as ErrorCode
    this.answered = options.status
    this.#fix = options.fix
    this.#exit = options.exit
  }

  override get fix(): string {
    return this.#fix
  }

  override get exitCode(): number {
    return this.#exit
  }
}

/**
 * The error of a problem document.
 * @param status of the answer; a rotation's problem has none
 */
export function problemError(problem: ProblemDocument, status?: number): KeyturnError {
  const code = textOr(problem.code, 'ERR_HUB_INTERNAL')
  const known = isKnown(code) ? errorTable[code] : undefined
  const title = textOr(problem.title, known?.title ?? 'the hub refused this')
  const id = status === 500 ? textOr(problem.requestId, '') : ''
  const detail = `${textOr(problem.detail, title)}${id === '' ? '' : ` (request ${id})`}`
  const { findings } = problem
  if (isKnown(code) && Array.isArray(findings) && findings.length > 0)
    return new ConfigError(code, detail, { findings: findings.filter(isFinding) })
  const fallback = known?.fix ?? 'see /docs of the hub; it may be newer than this command line'
  return new HubProblem(code, detail, {
    fix: textOr(problem.fix, fallback),
    exit: known?.exit ?? exitOf(problem, status),
    status,
  })
}

const textOr = (value: unknown, otherwise: string): string =>
  typeof value === 'string' && value !== '' ? value : otherwise

const isFinding = (value: unknown): value is ConfigError['findings'][number] =>
  typeof value === 'object' && value !== null && 'message' in value && 'remedy' in value

/** For a code that the table lacks. */
function exitOf({ exit }: ProblemDocument, status: number | undefined): number {
  if (typeof exit === 'number' && Number.isInteger(exit) && exit >= 1 && exit <= 8) return exit
  switch (status) {
    case 400:
      return 2
    case 401:
    case 403:
    case 429:
      return 4
    case 404:
      return 5
    case 409:
      return 6
    default:
      return 1
  }
}

/** No hub answered. */
export class NoAnswer extends StoreError {
  /** Whether the request may have arrived. */
  readonly isSent: boolean
  readonly #fix: string | undefined

  /** @param fix instead of the table's, where something may have changed */
  constructor(message: string, options: { readonly isSent: boolean; readonly fix?: string }) {
    super('ERR_STORE_UNREACHABLE', message)
    this.isSent = options.isSent
    this.#fix = options.fix
  }

  override get fix(): string {
    return this.#fix ?? super.fix
  }
}

/** Errors that come before anything was sent. */
const unsent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
])

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the name of the host cannot be looked up now',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ECONNRESET: 'the connection broke',
  UND_ERR_SOCKET: 'the connection broke',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
}

/** What `fetch` threw. @param host for the message */
export function noAnswerOf(error: unknown, host: string, deadline: number): NoAnswer {
  if (error instanceof Error && error.name === 'TimeoutError')
    return new NoAnswer(`${host} did not answer within ${deadline / 1000} s`, { isSent: true })
  const code = codeOf(error)
  const isCertificate = /CERT|SIGNATURE|ALTNAME|SSL|TLS/.test(code)
  const why = isCertificate
    ? `its certificate is not accepted (${code}); NODE_EXTRA_CA_CERTS names the file of an authority of your own`
    : (reasons[code] ?? (code === '' ? deepest(error) : code))
  return new NoAnswer(`${host} does not answer: ${why}`, { isSent: !isCertificate && !unsent.has(code) })
}

/** What `fetch` itself refuses has a message and no code: `bad port`. */
function deepest(error: unknown): string {
  let message = 'the connection failed'
  for (let at: unknown = error; at instanceof Error; at = at.cause) message = at.message
  return message
}

/** `fetch` hides the code in its cause, and behind several addresses of one host in the first of many. */
function codeOf(error: unknown): string {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const { code, errors } = at as { code?: unknown; errors?: readonly unknown[] }
    if (typeof code === 'string' && code !== '') return code
    if (errors?.[0] instanceof Error) return codeOf(errors[0])
  }
  return ''
}
