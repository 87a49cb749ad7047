/** html: a tagged template for pages. Whatever is put into it is text, unless it is Html itself. */

/** Text of a page in which everything from elsewhere is escaped. */
export class Html {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  toString(): string {
    return this.#text
  }
}

/** Nothing is shown for `undefined`, `null` and `false`. */
export type Piece = Html | string | number | undefined | null | false | readonly Piece[]

export function html(texts: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  return new Html(texts.map((text, at) => text + (at < pieces.length ? shown(pieces[at]) : '')).join(''))
}

function shown(piece: Piece): string {
  if (piece === undefined || piece === null || piece === false) return ''
  if (piece instanceof Html) return piece.toString()
  if (typeof piece === 'object') return piece.map(shown).join('')
  return String(piece).replace(/[&<>"']/g, character => entities[character] ?? '')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
