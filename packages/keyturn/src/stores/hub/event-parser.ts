/** EventParser: server-sent events out of a stream, however it is cut. */

export interface ServerEvent {
  readonly type: string
  readonly data: string
}

/** Characters kept. An event of the hub has about a hundred. */
const mostKept = 65_536

/** A trailing \r may be half of \r\n. */
const lineEnd = /\r\n|\n|\r(?!$)/

export class EventParser {
  #rest = ''
  #type = ''
  #data: string | undefined

  /**
   * The events that end in this piece. Comments, ids and retry times are passed over.
   * @throws {RangeError} for a line or an event without end
   */
  push(piece: string): readonly ServerEvent[] {
    const events: ServerEvent[] = []
    const lines = (this.#rest + piece).split(lineEnd)
    this.#rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line !== '') {
        this.#take(line)
        continue
      }
      if (this.#data !== undefined) events.push({ type: this.#type, data: this.#data })
      this.#type = ''
      this.#data = undefined
    }
    if (this.#rest.length + (this.#data?.length ?? 0) > mostKept) throw new RangeError('an event without end')
    return events
  }

  #take(line: string): void {
    // A line that begins with a colon is a comment: its field has no name.
    const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? []
    if (field === 'event') this.#type = value
    if (field === 'data') this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`
  }
}
