/** once: the same work for the same caller and key is done one time. */
import { createHash } from 'node:crypto'
import type { Principal } from '../access/principal.ts'
import type { Hub } from '../hub.ts'
import type { Answer } from './idempotency-keys.ts'

export interface OnceRequest {
  readonly principal: Principal | undefined
  /** The caller's own. */
  readonly key: string
  /** Everything that makes it the same request. */
  readonly request: readonly string[]
}

/**
 * @param work is given a text that is the same for the same caller and key
 * @throws {KeyturnError} ERR_REQUEST_IDEMPOTENCY
 */
export function once(
  hub: Pick<Hub, 'idempotency'>,
  { principal, key, request }: OnceRequest,
  work: (once: string) => Promise<Answer>,
): Promise<Answer> {
  const named = `${ownerOf(principal)}\n${key}`
  const text = createHash('sha256').update(named).digest('base64url').slice(0, 16)
  return hub.idempotency.once(named, request.join('\n'), () => work(text))
}

/** Whose keys they are: an operator may have the name that is the id of a token. */
function ownerOf(principal: Principal | undefined): string {
  if (principal?.kind === 'token') return `token ${principal.id}`
  return `operator ${principal?.name ?? ''}`
}
