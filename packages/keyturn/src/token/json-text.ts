/** jsonText: a value as JSON that our own parser accepts, or a refusal to write it. RFC 8259. */
import { KeyturnError } from '../errors.ts'
import { maxDepth } from './json.ts'
import { forbiddenNames, maxMembers } from './json-shape.ts'

/**
 * Writes strings, finite numbers, booleans, null, arrays and plain objects; nothing else. Members that are undefined
 * are dropped, as JSON.stringify does. Each value is read once, so that a getter cannot change it after its check.
 * @param depth of this value; the outermost object is 1
 * @throws {KeyturnError} ERR_SIGN_CLAIM
 */
export function jsonText(value: unknown, depth: number): string {
  if (typeof value === 'string') return quoted(value)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw unsignable('a number is not finite')
    return `${value}`
  }
  if (value === null || typeof value === 'boolean') return `${value}`
  const isArray = Array.isArray(value)
  if (!isArray && !isPlainObject(value))
    throw unsignable(
      'a value is not JSON: use strings, finite numbers, booleans, null, arrays and plain objects',
    )
  if (depth > maxDepth) throw unsignable(`they nest deeper than ${maxDepth} levels`)
  // Array.from shows a hole as undefined, which is refused.
  if (isArray) return `[${Array.from(value, each => jsonText(each, depth + 1)).join(',')}]`
  const object = new ObjectText()
  for (const name of Object.keys(value)) object.add(name, value[name], depth)
  return object.end()
}

/** The text of one object, member by member. */
export class ObjectText {
  #text = '{'
  #members = 0

  /** @param depth of the object @throws {KeyturnError} ERR_SIGN_CLAIM */
  add(name: string, value: unknown, depth: number): void {
    if (value === undefined) return
    this.#text += `${this.#members === 0 ? '' : ','}${quotedName(name)}${jsonText(value, depth + 1)}`
    this.#members += 1
  }

  /** @throws {KeyturnError} ERR_SIGN_CLAIM */
  end(): string {
    if (this.#members > maxMembers) throw unsignable(`an object has more than ${maxMembers} members`)
    return `${this.#text}}`
  }
}

/** Made by braces, JSON or Object.create(null), in this realm or another: no class, so no hidden meaning. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null || Object.getPrototypeOf(prototype) === null
}

export function unsignable(what: string): KeyturnError {
  return new KeyturnError('ERR_SIGN_CLAIM', `the claims cannot be signed: ${what}`)
}

/** What JSON does not carry as it is; surrogates may be alone. Looking is cheaper than JSON.stringify, four times. */
// eslint-disable-next-line no-control-regex -- control characters are among it
const special = /["\\\u0000-\u001f\ud800-\udfff]/

function quoted(text: string): string {
  return special.test(text) ? JSON.stringify(text) : `"${text}"`
}

/** Then all are forgotten: names that are data would fill the memory. */
const mostNames = 1024
const quotedNames = new Map<string, string>()

/** A name with its colon; the same names come with every token. */
function quotedName(name: string): string {
  const known = quotedNames.get(name)
  if (known !== undefined) return known
  if (forbiddenNames.has(name))
    throw unsignable('__proto__, constructor and prototype are not accepted as names')
  if (quotedNames.size >= mostNames) quotedNames.clear()
  const text = `${JSON.stringify(name)}:`
  quotedNames.set(name, text)
  return text
}
