/** Member: sequences of member names that JSON objects had before, so that the next object of the kind is read faster. */

/** An object may have this many members. */
export const maxMembers = 64

/** Names that reach a prototype when code copies members carelessly. */
export const forbiddenNames: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/** Members kept altogether. Then all are forgotten: names that are data would fill the memory. */
const mostMembers = 2048
let kept = 0

/** Where every object begins. */
export let beginning: Member

/**
 * One member of an object, after the members before it. As a member is made only if its name is not among those
 * before it, an object that follows members that are there has no name twice. That is what makes a strict parser
 * faster than one that does not look: a name is compared with the one expected, neither cut out nor looked up.
 */
export class Member {
  readonly name: string
  /** The member before this one; undefined for the place before the first. */
  readonly before: Member | undefined
  /** How many members this is. */
  readonly count: number
  /** The member that came after this one most recently, once it came a second time. */
  next: ExpectedName | undefined
  #successors: Map<string, Member> | undefined
  #expected: ExpectedName | undefined
  #template: Readonly<Record<string, unknown>> | undefined
  #wasLast = false

  constructor(name: string, before: Member | undefined) {
    this.name = name
    this.before = before
    this.count = before ? before.count + 1 : 0
  }

  /**
   * The member of that name after this one.
   * @returns what is wrong with it, if it may not follow
   * @param keep whether it is to be known from now on. Only for objects that somebody with a key has signed.
   */
  after(name: string, keep: boolean): Member | string {
    const known = this.#successors?.get(name)
    if (known) {
      if (keep) this.next = known.#expected ??= expectedName(known)
      return known
    }
    if (forbiddenNames.has(name)) return 'an object has a member with a forbidden name'
    if (this.count >= maxMembers) return `an object has more than ${maxMembers} members`
    for (let each: Member | undefined = this; each.before; each = each.before)
      if (each.name === name) return 'an object has two members of the same name'
    const member = new Member(name, this)
    if (keep) this.#keep(member)
    return member
  }

  #keep(member: Member): void {
    if (kept >= mostMembers) forget()
    kept += 1
    this.#successors ??= new Map()
    this.#successors.set(member.name, member)
  }

  /**
   * An object with this member and those before it, in their order, whose values are still missing. One that is
   * seen again is copied from a template, which takes a quarter off a verification.
   */
  object(): Record<string, unknown> {
    if (this.#template) return { ...this.#template }
    const names: [string, undefined][] = []
    for (let each: Member = this; each.before; each = each.before) names.push([each.name, undefined])
    // fromEntries defines own members. An assignment could meet a setter, or fail on a frozen prototype.
    const object: Record<string, undefined> = Object.fromEntries(names.reverse())
    if (this.#wasLast) this.#template = { ...object }
    this.#wasLast = true
    return object
  }
}

/** `"name":` as bytes, to be compared with the input. */
export interface ExpectedName {
  readonly member: Member
  readonly length: number
  /** Little-endian; the last word ends where the bytes end, so it may overlap the one before. */
  readonly words: Int32Array
}

/** Undefined for the name without characters, which is no whole word. */
function expectedName(member: Member): ExpectedName | undefined {
  const bytes = Buffer.from(`${JSON.stringify(member.name)}:`)
  if (bytes.length < 4) return undefined
  const words = Int32Array.from({ length: Math.ceil(bytes.length / 4) }, (_, index) =>
    bytes.readInt32LE(Math.min(index * 4, bytes.length - 4)),
  )
  return { member, length: bytes.length, words }
}

function forget(): void {
  kept = 0
  beginning = new Member('', undefined)
}
forget()
