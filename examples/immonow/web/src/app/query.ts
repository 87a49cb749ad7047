/** The query of an address as plain names and values, and what the login page takes from it. */
import type { EndReason } from '../session/session-gate.ts'

/** Of several values of a name the last one counts. */
export const parseQuery = (query: string): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(query))

/** Empty, or with its question mark. Slashes stay readable. */
export function queryText(values: Readonly<Record<string, unknown>>): string {
  const pairs = Object.entries(values).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : [],
  )
  const text = new URLSearchParams(pairs).toString().replaceAll('%2F', '/')
  return text === '' ? '' : `?${text}`
}

export interface LoginSearch {
  readonly reason?: EndReason
  /** Not checked yet: see safeReturnTo. */
  readonly returnTo?: string
}

export function readLoginSearch({ reason, returnTo }: Readonly<Record<string, unknown>>): LoginSearch {
  return {
    ...((reason === 'expired' || reason === 'security') && { reason }),
    ...(typeof returnTo === 'string' && { returnTo }),
  }
}
