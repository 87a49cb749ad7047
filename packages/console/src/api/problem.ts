/** ApiProblem: an answer of the hub that is an error. RFC 9457. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  /** 0 when no answer came. */
  readonly status: number
  /** Of the hub's one table, or ERR_NETWORK. */
  readonly code: string
  readonly detail: string
  readonly fix: string

  constructor(status: number, problem: { code?: unknown; title?: unknown; detail?: unknown; fix?: unknown }) {
    const text = (value: unknown): string => (typeof value === 'string' ? value : '')
    super(text(problem.title) || text(problem.code))
    this.status = status
    this.code = text(problem.code) || 'ERR_NETWORK'
    this.detail = text(problem.detail)
    this.fix = text(problem.fix)
  }
}

/** For whatever was thrown. */
export const asProblem = (error: unknown): ApiProblem =>
  error instanceof ApiProblem
    ? error
    : new ApiProblem(0, { code: 'ERR_CONSOLE', detail: error instanceof Error ? error.message : '' })
