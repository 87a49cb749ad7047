/** What an access token says about itself, for people to look at: read, not verified. */

export interface TokenClaims {
  readonly kid: string
  /** Epoch seconds. */
  readonly expires: number
}

/** Undefined for what is no token. */
export function readTokenClaims(token: string): TokenClaims | undefined {
  try {
    const [header = '', payload = ''] = token.split('.')
    const { kid } = decoded(header)
    const { exp } = decoded(payload)
    return typeof kid === 'string' && typeof exp === 'number' ? { kid, expires: exp } : undefined
  } catch {
    return undefined
  }
}

function decoded(part: string): Readonly<Record<string, unknown>> {
  const bytes = Uint8Array.from(atob(part.replace(/-/g, '+').replace(/_/g, '/')), letter =>
    letter.charCodeAt(0),
  )
  return JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>
}
