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
function jsonText(value: unknown, depth: number): string {
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
  #text = ''
  #members = 0
  #last = beginning

  /** @param depth of the object @throws {KeyturnError} ERR_SIGN_CLAIM */
  add(name: string, value: unknown, depth: number): void {
    if (value === undefined) return
    const member = this.#last.before(name)
    const text = member.with(value, depth + 1)
    this.#text = this.#members === 0 ? `{${text.slice(1)}` : this.#text + text
    this.#members += 1
    this.#last = member
  }

  /** @throws {KeyturnError} ERR_SIGN_CLAIM */
  end(): string {
    if (this.#members > maxMembers) throw unsignable(`an object has more than ${maxMembers} members`)
    return this.#members === 0 ? '{}' : `${this.#text}}`
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

/** What JSON does not carry as it is; surrogates may be alone. Looking takes a third of what JSON.stringify takes. */

const special = /["\\\u0000-\u001f\ud800-\udfff]/

function quoted(text: string): string {
  return special.test(text) ? JSON.stringify(text) : `"${text}"`
}

const longestKept = 256

/** What members of one name look like. The same names come with every token, and often the same values. */
class MemberText {
  readonly #name: string
  /** A comma, the name and a colon. */
  readonly #start: string
  #value: unknown
  #text = ''
  /** The member that came after this one most recently. */
  #next: MemberText | undefined

  constructor(name: string) {
    this.#name = name
    this.#start = `,${JSON.stringify(name)}:`
  }

  /** The member of that name, which comes after this one. @throws {KeyturnError} ERR_SIGN_CLAIM */
  before(name: string): MemberText {
    const next = this.#next
    return next !== undefined && next.#name === name ? next : (this.#next = memberNamed(name))
  }

  /** The member with that value. One that is still the same, such as an issuer, is not written again: 9 % of signing. */
  with(value: unknown, depth: number): string {
    if (value === this.#value) return this.#text
    const text = this.#start + jsonText(value, depth)
    const isKept = typeof value === 'number' || (typeof value === 'string' && value.length <= longestKept)
    if (!isKept) return text
    this.#value = value
    return (this.#text = text)
  }
}

/** Where every object begins. */
const beginning = new MemberText('')
/** Then all are forgotten: names that are data would fill the memory. */
const mostNames = 1024
const members = new Map<string, MemberText>()

function memberNamed(name: string): MemberText {
  const known = members.get(name)
  if (known) return known
  if (forbiddenNames.has(name))
    throw unsignable('__proto__, constructor and prototype are not accepted as names')
  if (members.size >= mostNames) members.clear()
  const member = new MemberText(name)
  members.set(name, member)
  return member
}
