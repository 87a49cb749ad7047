/** Dotenv text: read as the common readers do, and changed without touching any other line. */

/** One assignment. */
export interface Assignment {
  readonly name: string
  readonly value: string
  /** Offsets in the text, without the line break. */
  readonly start: number
  readonly end: number
  /** `export ` and white space before the name, kept when the line is written anew. */
  readonly prefix: string
  /** Which quotes it stands in. */
  readonly quote: '' | "'" | '"' | '`'
}

// `^` would also match after U+2028 and U+2029, which end no line in a file.
const assignment = /(?<![^\r\n])([^\S\r\n]*(?:export[^\S\r\n]+)?)([A-Za-z_][\w.-]*)[^\S\r\n]*=[^\S\r\n]*/g

/** Every assignment in the text, in order. Where a name stands twice, readers take the last. */
export function parseDotenv(text: string): readonly Assignment[] {
  const found: Assignment[] = []
  assignment.lastIndex = 0
  for (let match = assignment.exec(text); match; match = assignment.exec(text)) {
    const [whole, prefix = '', name = ''] = match
    const at = match.index + whole.length
    const { value, quote, end } = readValue(text, at)
    found.push({ name, value, start: match.index, end, prefix, quote })
    assignment.lastIndex = Math.max(end, at)
  }
  return found
}

function readValue(text: string, at: number): Pick<Assignment, 'value' | 'quote' | 'end'> {
  const lineEnd = endOfLine(text, at)
  const quote = text[at]
  if (quote === "'" || quote === '"' || quote === '`') {
    const close = closingQuote(text, at, lineEnd)
    if (close > 0) {
      const inner = text.slice(at + 1, close).replaceAll(/\r\n?/g, '\n')
      const value = quote === '"' ? inner.replaceAll('\\n', '\n').replaceAll('\\r', '\r') : inner
      return { value, quote, end: endOfLine(text, close) }
    }
  }
  const comment = text.slice(at, lineEnd).search(/(^|\s)#/)
  const value = text.slice(at, comment < 0 ? lineEnd : at + comment).trim()
  return { value, quote: '', end: lineEnd }
}

/**
 * Where the quoted value ends; -1 when the quote is only a character. A value over several lines ends where
 * nothing but a comment follows, as dotenv has it: a stray quote must not swallow the lines below.
 */
function closingQuote(text: string, at: number, lineEnd: number): number {
  const close = text.indexOf(text[at] ?? '', at + 1)
  if (close < lineEnd) return close
  return /^\s*(#|$)/.test(text.slice(close + 1, endOfLine(text, close))) ? close : -1
}

function endOfLine(text: string, at: number): number {
  lineBreak.lastIndex = at
  return lineBreak.exec(text)?.index ?? text.length
}

const lineBreak = /[\r\n]/g

/** The values by name; the last of a name wins. */
export const valuesOf = (text: string): ReadonlyMap<string, string> =>
  new Map(parseDotenv(text).map(({ name, value }) => [name, value]))

/**
 * The text with these variables set, or removed where the value is undefined. Every other line stays byte for
 * byte. A variable keeps its place; a new one stands after the last of those named before it.
 */
export function changeDotenv(text: string, changes: ReadonlyMap<string, string | undefined>): string {
  const assignments = parseDotenv(text)
  const newline = text.includes('\r\n') ? '\r\n' : '\n'
  const pieces: { start: number; end: number; line: string | undefined }[] = []
  let anchor = -1
  let added = ''
  for (const [name, value] of changes) {
    const places = assignments.filter(each => each.name === name)
    const last = places.at(-1)
    for (const place of places) {
      const line =
        place === last && value !== undefined ? `${place.prefix}${name}=${quoted(value)}` : undefined
      pieces.push({ start: place.start, end: place.end, line })
    }
    if (value === undefined) continue
    if (last) anchor = Math.max(anchor, last.end)
    else added += `${newline}${name}=${quoted(value)}`
  }
  if (added !== '') {
    if (anchor >= 0) pieces.push({ start: anchor, end: anchor, line: added })
    else pieces.push({ start: text.length, end: text.length, line: appended(text, added, newline) })
  }
  return splice(text, pieces)
}

const appended = (text: string, added: string, newline: string): string =>
  (text === '' || text.endsWith('\n') ? added.slice(newline.length) : added) + newline

function splice(
  text: string,
  pieces: readonly { start: number; end: number; line: string | undefined }[],
): string {
  const ordered = [...pieces].sort((a, b) => a.start - b.start || a.end - b.end)
  let out = ''
  let at = 0
  for (const { start, end, line } of ordered) {
    out += text.slice(at, start) + (line ?? '')
    at = end
    // A removed line takes its line break along.
    if (line === undefined) at = text.startsWith('\r\n', end) ? end + 2 : end + 1
  }
  return out + text.slice(at)
}

/** Whether every common reader takes the value as it is, without quotes. */
const isPlain = (value: string): boolean => /^[\w.,:%/+=@-]*$/.test(value)

/**
 * The value, quoted so that dotenv, Node, Python, Compose, systemd and a shell read the same text.
 * @throws {RangeError} when no quotes fit
 */
export function quoted(value: string): string {
  if (isPlain(value)) return value
  if (/[\r\0]/.test(value)) throw new RangeError('the value holds a carriage return or a NUL')
  if (!value.includes("'")) return `'${value}'`
  if (!/["$`\\]/.test(value)) return `"${value}"`
  throw new RangeError('the value holds both kinds of quotes, or a quote and $, ` or \\')
}
