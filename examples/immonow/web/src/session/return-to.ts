/** Where to go after a login: addresses of this site only, whatever somebody put into the link. */

const home = '/'
/** Nobody reads a page at an address like this after a login. */
const noPage = /^\/(login|register|api)(\/|$)/
/** No `//`, no backslash, nothing that is still encoded: no address of this site needs it. */
const sitePath = /^(\/[\w~-][\w.~-]*)*\/?$/
const base = 'https://immonow.invalid'

/** The path, query and fragment to go to; `/` when the text is anything but an address of this site. */
export function safeReturnTo(text: unknown): string {
  if (typeof text !== 'string' || text.length > 2000) return home
  // Browsers drop some of these characters before they look at an address, and read a backslash as a slash.
  if (!text.startsWith('/') || /[\u0000-\u0020\u007f-\u009f\\]/.test(text)) return home
  const [rawPath = ''] = text.split(/[?#]/)
  if (!sitePath.test(rawPath) || !URL.canParse(text, base)) return home
  const { origin, pathname, search, hash } = new URL(text, base)
  if (origin !== base || !sitePath.test(pathname) || noPage.test(pathname)) return home
  return pathname + search + hash
}
