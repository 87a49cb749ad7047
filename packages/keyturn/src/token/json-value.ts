/** NotJson, isJsonObject, frozen: what the parser answers with, told apart and kept as it is. */

/** Why a text is not parsed, as a value. */
export class NotJson {
  /** With nothing of the text in it. */
  readonly what: string

  constructor(what: string) {
    this.what = what
  }
}

/** Whether a parsed value is an object: not an array, not null. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A JSON value that nobody can change any more, at any depth. */
export function frozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value
  for (const each of Object.values(value)) frozen(each)
  return Object.freeze(value)
}
