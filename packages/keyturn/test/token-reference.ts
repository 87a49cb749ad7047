/** referenceVerdict, referenceValue: what a verifier must say of a signed payload, found in a simpler way than ours. */

const forbidden = ['__proto__', 'constructor', 'prototype']

/** `accepted` or a code, for a verifier that expects nobody and does not require exp. `now`: epoch seconds. */
export function referenceVerdict(bytes: Uint8Array, now: number): string {
  const text = decoded(bytes)
  if (text === undefined || !isJsonObject(text) || !isWithinBounds(text)) return 'ERR_TOKEN_PAYLOAD'
  const claims = new Map(Object.entries(referenceValue(text) as object))
  for (const [name, claim] of claims) if (!hasRightType(name, claim)) return 'ERR_TOKEN_CLAIM'
  const time = (name: string): number => claims.get(name) as number
  if (claims.has('exp') && time('exp') <= now) return 'ERR_TOKEN_EXPIRED'
  if (claims.has('nbf') && time('nbf') > now) return 'ERR_TOKEN_NOT_YET_VALID'
  if (claims.has('iat') && time('iat') > now) return 'ERR_TOKEN_ISSUED_IN_FUTURE'
  return 'accepted'
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

/**
 * V8 in Node 24 may read an escaped name as another one, if an object had a name with a backslash before
 * (nodejs/node#63785): there a text is read by `referenceValue`.
 */
export const isJsonParseRight = ((): boolean => {
  JSON.parse('{"h":[],"\\\\":0}')
  return Object.keys(JSON.parse('{"h":1,"\\"":2}') as object)[1] === '"'
})()

/** Strings, marks, and words: numbers and literals. The text is known to be JSON. */
const lexemes = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g

/** No name twice, none forbidden, 8 levels, 64 members, finite numbers. */
function isWithinBounds(text: string): boolean {
  const found = text.match(lexemes) ?? []
  /** Names of the objects that are open, outermost first. An array has none. */
  const open: Set<unknown>[] = []
  for (const [index, lexeme] of found.entries()) {
    if (lexeme === '{' || lexeme === '[') open.push(new Set())
    else if (lexeme === '}' || lexeme === ']') open.pop()
    else if (found[index + 1] === ':') {
      const name: unknown = JSON.parse(lexeme)
      const names = open.at(-1)
      if (!names || names.has(name) || forbidden.includes(name as string)) return false
      names.add(name)
      if (names.size > 64) return false
    } else if (/^[-0-9]/.test(lexeme) && !Number.isFinite(Number(lexeme))) return false
    if (open.length > 8) return false
  }
  return true
}

/** What JSON.parse reads, or should read. Of a text that is known to be JSON. */
export function referenceValue(text: string): unknown {
  const found = text.match(lexemes) ?? []
  let next = 0
  /** What is read until the mark at the end. */
  const listUntil = <Item>(end: string, read: () => Item): Item[] => {
    const items: Item[] = []
    while (found[next] !== end) {
      items.push(read())
      if (found[next] === ',') next += 1
    }
    next += 1
    return items
  }
  const value = (): unknown => {
    const lexeme = found[next++] ?? ''
    if (lexeme === '[') return listUntil(']', value)
    if (lexeme !== '{') return JSON.parse(lexeme)
    const member = (): [string, unknown] => {
      const name = JSON.parse(found[next] ?? '') as string
      next += 2
      return [name, value()]
    }
    return Object.fromEntries(listUntil('}', member))
  }
  return value()
}

function hasRightType(name: string, claim: unknown): boolean {
  if (['exp', 'nbf', 'iat'].includes(name)) return typeof claim === 'number' && Math.abs(claim) < 2 ** 53
  if (['iss', 'sub', 'jti'].includes(name)) return typeof claim === 'string'
  if (name !== 'aud' || typeof claim === 'string') return true
  return Array.isArray(claim) && claim.every(each => typeof each === 'string')
}
