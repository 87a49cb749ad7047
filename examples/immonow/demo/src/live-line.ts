/** LiveLine: one line that is rewritten in place on a terminal, and printed anew anywhere else. */

/** What it needs of a stream. */
export interface Screen {
  write(text: string): unknown
  readonly isTTY?: boolean
  readonly columns?: number
}

const clear = '\r\u001b[2K'

export class LiveLine {
  readonly #screen: Screen
  readonly #isLive: boolean
  #text = ''

  /** @param term the variable TERM: a dumb terminal cannot go back to the start of a line */
  constructor(screen: Screen, term: string | undefined = process.env['TERM']) {
    this.#screen = screen
    this.#isLive = screen.isTTY === true && term !== 'dumb'
  }

  /** Columns to stay within, so that a line never wraps and can be rewritten. */
  get width(): number {
    return this.#isLive ? (this.#screen.columns || 80) - 1 : Infinity
  }

  /** Shows the line as it is now. */
  update(text: string): void {
    this.#text = [...text].slice(0, this.width).join('')
    this.#screen.write(this.#isLive ? clear + this.#text : `${this.#text}\n`)
  }

  /** A line that stays, above the live one. */
  print(text: string): void {
    this.#screen.write(this.#isLive ? `${clear}${text}\n${this.#text}` : `${text}\n`)
  }

  /** Leaves the last state on the screen. */
  end(): void {
    if (this.#isLive && this.#text !== '') this.#screen.write('\n')
    this.#text = ''
  }
}
