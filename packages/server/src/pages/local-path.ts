/** localPath: where a login leads, if it is a page of this hub and of nobody else. */

const longest = 2_000
const here = 'http://hub.invalid'

/** Undefined for everything that a browser could take for another site. */
export function localPath(text: unknown): string | undefined {
  if (typeof text !== 'string' || text.length > longest) return undefined
  if (!/^\/(?![/\\])/.test(text) || /[\\\p{Cc}\p{Cs}]/u.test(text)) return undefined
  const { origin, pathname, search, hash } = new URL(text, here)
  // `/.//elsewhere` is `//elsewhere` once its dots are resolved.
  if (origin !== here || pathname.startsWith('//')) return undefined
  return /^\/(login|logout)(\/|$)/.test(pathname) ? '/' : pathname + search + hash
}
