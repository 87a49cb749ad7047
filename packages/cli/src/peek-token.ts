/** peekToken: what a token says of itself. Nothing of it is verified. */

export interface PeekedToken {
  readonly header: Readonly<Record<string, unknown>>
  readonly payload: Readonly<Record<string, unknown>>
  readonly kid: string | undefined
}

/** Undefined when the text is no compact JWS of two JSON objects. */
export function peekToken(text: string): PeekedToken | undefined {
  const segments = text.split('.')
  if (segments.length !== 3) return undefined
  const header = objectIn(segments[0])
  const payload = objectIn(segments[1])
  if (!header || !payload) return undefined
  const kid = header['kid']
  return { header, payload, kid: typeof kid === 'string' ? kid : undefined }
}

function objectIn(segment: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(segment ?? '', 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}
