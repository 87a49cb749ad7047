/** refusalOf: what a hub says instead of doing what it was asked, as an error of ours. */
import { RingError, StoreError, type KeyturnError } from '../../errors.ts'
import type { HubAnswer } from './hub-connection.ts'

/** Characters of a hub's own words in a message. */
const mostWords = 300

export const isDone = ({ status }: HubAnswer): boolean => status >= 200 && status < 300

/** Whether the hub itself says that there is no such ring, and not a proxy or another server that knows no hub. */
export function isNoRing(answer: HubAnswer): boolean {
  const { code } = problemIn(answer)
  return answer.status === 404 && code !== '' && code !== 'ERR_ROUTE_NOT_FOUND'
}

/**
 * @param hub its name in messages
 * @returns {StoreError} ERR_STORE_DENIED, ERR_STORE_MISSING, ERR_STORE_UNREACHABLE; {RingError} ERR_RING_REGRESSED
 */
export function refusalOf(answer: HubAnswer, hub: string, ring: string): KeyturnError {
  const { status } = answer
  const { code, words } = problemIn(answer)
  const said = words === '' ? '' : `: ${words}`
  if (status === 401 || status === 403)
    return new StoreError(
      'ERR_STORE_DENIED',
      `${hub} refuses the token (${status})${said}; put a valid one with the scope instance:${ring} into KEYTURN_TOKEN or its file`,
    )
  if (isNoRing(answer)) return new StoreError('ERR_STORE_MISSING', `${hub} has no ring ${ring}`)
  if (code === 'ERR_RING_REGRESSED') return new RingError(code, `${hub} halts the ring ${ring}${said}`)
  if (status >= 300 && status < 400)
    return new StoreError(
      'ERR_STORE_UNREACHABLE',
      `${hub} answered ${status}, which is not followed: KEYTURN_URL must be the hub's own address`,
    )
  return new StoreError('ERR_STORE_UNREACHABLE', `${hub} answered ${status}${said}`)
}

/** Code and words of a problem document (RFC 9457); empty for any other text. */
function problemIn({ text }: HubAnswer): { readonly code: string; readonly words: string } {
  const { code, detail, title } = recordIn(text)
  const words = typeof detail === 'string' ? detail : title
  return {
    code: typeof code === 'string' ? code : '',
    words: typeof words === 'string' ? words.replace(/\p{C}+/gu, ' ').slice(0, mostWords) : '',
  }
}

function recordIn(text: string): { code?: unknown; detail?: unknown; title?: unknown } {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}
