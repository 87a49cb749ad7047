/** Output: data on standard output, messages on standard error; for people, for scripts, for programs. */

/** The flags that every command takes. */
export interface GlobalFlags {
  readonly json?: boolean
  readonly plain?: boolean
  readonly quiet?: boolean
  readonly color?: boolean
  readonly yes?: boolean
  readonly environment?: string
  readonly file?: string
  readonly config?: string
  /** Address of a hub. */
  readonly hub?: string
  /** `application/environment`. */
  readonly ring?: string
  readonly insecureHttp?: boolean
}

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow'

const codes: Record<Style, number> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 }

export type Mark = 'ok' | 'warn' | 'fail'

/** Where a command writes. */
export class Output {
  readonly json: boolean
  readonly plain: boolean
  readonly #quiet: boolean
  readonly #flags: GlobalFlags

  constructor(flags: GlobalFlags) {
    this.json = flags.json === true
    this.plain = flags.plain === true
    this.#quiet = flags.quiet === true
    this.#flags = flags
  }

  /** A line of data, for people or, with `--plain`, for scripts. Not written with `--json`. */
  line(text = ''): void {
    if (!this.json) process.stdout.write(`${text}\n`)
  }

  /** The one document of `--json`. Its first field is `schema`. */
  document(schema: string, value: Readonly<Record<string, unknown>>): void {
    if (this.json) process.stdout.write(`${JSON.stringify({ schema: `keyturn/${schema}/v1`, ...value })}\n`)
  }

  /** A message about the work, on standard error. */
  note(text: string): void {
    if (!this.#quiet) process.stderr.write(`${text}\n`)
  }

  /** A message that `--quiet` does not hide. */
  warn(text: string): void {
    process.stderr.write(`keyturn: warning: ${text}\n`)
  }

  /** Columns, aligned for people and separated by tabs for scripts. */
  table(header: readonly string[], rows: readonly (readonly string[])[]): void {
    if (this.plain) {
      for (const row of rows) this.line(row.join('\t'))
      return
    }
    const widths = header.map((title, column) =>
      Math.max(title.length, ...rows.map(row => (row[column] ?? '').length)),
    )
    const render = (row: readonly string[]): string =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()
    this.line(this.paint('bold', render(header)))
    for (const row of rows) this.line(render(row))
  }

  /** A word or sign for how something stands; never by colour alone. */
  mark(mark: Mark, stream: NodeJS.WriteStream = process.stdout): string {
    const isSimple = this.plain || process.env['TERM'] === 'dumb'
    const signs = isSimple ? { ok: 'ok', warn: 'warn', fail: 'FAIL' } : { ok: '✔', warn: '!', fail: '✖' }
    const styles = { ok: 'green', warn: 'yellow', fail: 'red' } as const
    return this.paint(styles[mark], signs[mark], stream)
  }

  paint(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
    return this.#hasColor(stream) ? `\u001b[${codes[style]}m${text}\u001b[0m` : text
  }

  #hasColor(stream: NodeJS.WriteStream): boolean {
    if (this.plain || this.json || this.#flags.color === false) return false
    if (process.env['NO_COLOR'] || process.env['TERM'] === 'dumb') return false
    if (process.env['FORCE_COLOR'] || process.env['CLICOLOR_FORCE']) return true
    return stream.isTTY === true
  }
}
