/** A strict JSON parser with bounds, for input that is not trusted. RFC 8259, RFC 7493 §2.3. */

/** Objects and arrays may nest this deep; the outermost is 1. */
export const maxDepth = 8

/** An object may have this many members. */
export const maxMembers = 64

/** Names that reach a prototype when code copies members carelessly. */
export const forbiddenNames: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

// ignoreBOM keeps the mark in the text, where the parser refuses it.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Parses UTF-8 bytes. @throws {SyntaxError} also for bytes that are not UTF-8 */
export function parseJsonBytes(bytes: Uint8Array): unknown {
  let text: string
  try {
    text = utf8.decode(bytes)
  } catch {
    throw new SyntaxError('it is not UTF-8')
  }
  return parseJson(text)
}

/**
 * Parses a text as RFC 8259 has it, and refuses what the RFC leaves open: a name that comes twice, numbers
 * that are not finite, more than `maxDepth` levels or `maxMembers` members, and `forbiddenNames`.
 * @throws {SyntaxError} with a message that has nothing of the text in it
 */
export function parseJson(text: string): unknown {
  return new Parser(text).parse()
}

/** Whether a parsed value is an object: not an array, not null. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const whiteSpace = /[ \t\n\r]*/y
const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
const literal = /true|false|null/y
const literals: Readonly<Record<string, unknown>> = { true: true, false: false, null: null }

class Parser {
  readonly #text: string
  /** Index of the next character. */
  #at = 0
  #depth = 0

  constructor(text: string) {
    this.#text = text
  }

  parse(): unknown {
    this.#skipWhiteSpace()
    const value = this.#value()
    this.#skipWhiteSpace()
    if (this.#at < this.#text.length) throw new SyntaxError('something follows the JSON value')
    return value
  }

  #value(): unknown {
    switch (this.#text[this.#at]) {
      case '{':
        return this.#nested(() => this.#object())
      case '[':
        return this.#nested(() => this.#array())
      case '"':
        return this.#string()
      default:
        return this.#scalar()
    }
  }

  #nested<T>(parse: () => T): T {
    if (++this.#depth > maxDepth) throw new SyntaxError(`it nests deeper than ${maxDepth} levels`)
    this.#at++
    this.#skipWhiteSpace()
    const value = parse()
    this.#depth--
    return value
  }

  #object(): Record<string, unknown> {
    const members = new Map<string, unknown>()
    if (!this.#takes('}')) {
      do {
        this.#skipWhiteSpace()
        const name = this.#string()
        if (forbiddenNames.has(name)) throw new SyntaxError('an object has a member with a forbidden name')
        if (members.has(name)) throw new SyntaxError('an object has two members of the same name')
        this.#skipWhiteSpace()
        this.#expect(':')
        this.#skipWhiteSpace()
        members.set(name, this.#value())
        if (members.size > maxMembers) throw new SyntaxError(`an object has more than ${maxMembers} members`)
        this.#skipWhiteSpace()
      } while (this.#takes(','))
      this.#expect('}')
    }
    // fromEntries defines own members. An assignment could meet a setter, or fail on a frozen prototype.
    return Object.fromEntries(members)
  }

  #array(): unknown[] {
    const elements: unknown[] = []
    if (!this.#takes(']')) {
      do {
        this.#skipWhiteSpace()
        elements.push(this.#value())
        this.#skipWhiteSpace()
      } while (this.#takes(','))
      this.#expect(']')
    }
    return elements
  }

  #string(): string {
    const start = this.#at
    this.#expect('"')
    while (this.#text[this.#at] !== '"') {
      if (this.#at >= this.#text.length) throw new SyntaxError('a string has no end')
      this.#at += this.#text[this.#at] === '\\' ? 2 : 1
    }
    this.#at++
    try {
      // JSON.parse is exact about one string: escapes, surrogates and control characters.
      return JSON.parse(this.#text.slice(start, this.#at)) as string
    } catch {
      // Its message quotes the text, so it goes no further.
      throw new SyntaxError('a string is not valid')
    }
  }

  #scalar(): unknown {
    const digits = this.#match(number)
    if (digits !== '') {
      const value = Number(digits)
      if (!Number.isFinite(value)) throw new SyntaxError('a number is too large')
      return value
    }
    const word = this.#match(literal)
    if (word === '') throw new SyntaxError('a JSON value is missing')
    return literals[word]
  }

  #skipWhiteSpace(): void {
    this.#match(whiteSpace)
  }

  /** Takes what the sticky pattern matches here; the empty string if nothing. */
  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const matched = pattern.exec(this.#text)?.[0] ?? ''
    this.#at += matched.length
    return matched
  }

  #takes(character: string): boolean {
    if (this.#text[this.#at] !== character) return false
    this.#at++
    return true
  }

  #expect(character: string): void {
    if (!this.#takes(character)) throw new SyntaxError(`a ${character} is missing`)
  }
}
