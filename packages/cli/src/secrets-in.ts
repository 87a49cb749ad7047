/** secretsIn: fields of a configuration that hold what looks like a secret. */

const telling = /secret|password|passwd|token$|api_?key|private/i
const opaque = /^[A-Za-z0-9+/_=-]{32,}$/

/** Paths of the fields. Values never leave this function. */
export function secretsIn(value: unknown, path = ''): readonly string[] {
  if (typeof value === 'string') return looksSecret(value, path) ? [path || '(whole)'] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) =>
    secretsIn(member, path === '' ? name : `${path}.${name}`),
  )
}

function looksSecret(text: string, path: string): boolean {
  const name = path.split('.').at(-1) ?? ''
  if (telling.test(name) && text.length >= 8) return true
  // Words inside a command count as well: `FOO=… docker compose up`.
  return text.split(/[\s="']+/).some(word => opaque.test(word) && isMixed(word))
}

/** Random text has digits and both cases, and no part that reads like a path. */
function isMixed(word: string): boolean {
  if (/^\.{0,2}\//.test(word)) return false
  const kinds = [/[a-z]/, /[A-Z]/, /\d/].filter(kind => kind.test(word)).length
  return kinds === 3 || (/^[0-9a-f]+$/i.test(word) && kinds === 2)
}
