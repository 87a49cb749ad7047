/** identiconOf: a small picture that is the same for the same kid everywhere. */

export interface Identicon {
  /** Five rows of five; the right half mirrors the left. */
  readonly rows: readonly (readonly boolean[])[]
  /** 1 to 6: a colour of the theme. */
  readonly hue: number
}

const size = 5
const half = 3
const hues = 6

export function identiconOf(kid: string): Identicon {
  let state = mixed(kid)
  const next = (): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
  const hue = (next() % hues) + 1
  const rows = Array.from({ length: size }, () => {
    const left = Array.from({ length: half }, () => next() % 2 === 1)
    return [...left, ...left.slice(0, size - half).reverse()]
  })
  return { rows, hue }
}

/** FNV-1a, 32 bits; never 0, which would stay 0. */
function mixed(text: string): number {
  let hash = 0x811c9dc5
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193)
  return hash === 0 ? 1 : hash
}

/** In groups of four, to be read out. */
export const groupsOf = (kid: string): readonly string[] => kid.match(/.{1,4}/gs) ?? []
