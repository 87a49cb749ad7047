/** NotJson, isJsonObject: what the parser answers with, told apart. */

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
