/** DemoError: why the demo cannot go on, in a sentence for the person in front of it. */

export class DemoError extends Error {
  override name = 'DemoError'
  /** What else to know, line by line. */
  readonly details: readonly string[]

  constructor(message: string, ...details: string[]) {
    super(message)
    this.details = details
  }
}
