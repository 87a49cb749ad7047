/** retryAfterOf: how long a server asks to be left alone. */
import type { IncomingHttpHeaders } from 'node:http'

/**
 * Milliseconds that a Retry-After header asks for, as seconds or as a date; undefined without one.
 * @param now epoch milliseconds
 * @param most never longer than this, whatever the header says
 */
export function retryAfterOf(headers: IncomingHttpHeaders, now: number, most: number): number | undefined {
  const text = headers['retry-after']
  if (text === undefined) return undefined
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 0), most)
}
