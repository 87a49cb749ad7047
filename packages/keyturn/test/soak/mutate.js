/** Mutants of a token, by number: every other text that differs by one character or by one bit. */
// @ts-check

/** What is put in: the alphabet of base64url, and what lenient decoders skip, alias or take for an end. */
const characters = [
  ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
  ...'.=+/ \n\t\0%?~é\u0141\u2028\ufeff\ud800',
]
const replacements = new Set(characters)

/** At each place: each character put in, each put in its place, each of 16 bits turned, the character left out. */
const perPlace = 2 * characters.length + 16 + 1

/**
 * @param {string} token
 * @returns {number} how many numbers `mutantOf` takes
 */
export function countMutants(token) {
  return token.length * perPlace + characters.length
}

/**
 * No two numbers give the same mutant.
 * @param {string} token
 * @param {number} number from 0
 * @returns {string | undefined} undefined where the change gives the token itself, or another number's mutant
 */
export function mutantOf(token, number) {
  const { at, character, isInsertion, isBit } = changeOf(token, number)
  const before = token.slice(0, at)
  if (isInsertion) {
    // Beside the same character, it is the same text as one place earlier.
    return at > 0 && token[at - 1] === character ? undefined : before + character + token.slice(at)
  }
  if (character === '' && at > 0 && token[at - 1] === token[at]) return undefined
  if (character === token[at] || (isBit && replacements.has(character))) return undefined
  return before + character + token.slice(at + 1)
}

/**
 * @param {string} token
 * @param {number} number from 0
 * @returns {string} for a message
 */
export function describeMutant(token, number) {
  const { at, character, isInsertion } = changeOf(token, number)
  const what = character === '' ? 'nothing' : `U+${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  return `${what} ${isInsertion ? 'before' : 'in place of'} character ${at} of ${token.length}`
}

/**
 * @param {string} token
 * @param {number} number
 */
function changeOf(token, number) {
  const at = Math.floor(number / perPlace)
  const kind = number % perPlace
  const [inserted, replaced] = [characters[kind], characters[kind - characters.length]]
  if (inserted !== undefined) return { at, character: inserted, isInsertion: true, isBit: false }
  if (replaced !== undefined) return { at, character: replaced, isInsertion: false, isBit: false }
  const bit = kind - 2 * characters.length
  const character = bit === 16 ? '' : String.fromCharCode(token.charCodeAt(at) ^ (1 << bit))
  return { at, character, isInsertion: false, isBit: true }
}
