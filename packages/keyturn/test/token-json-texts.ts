/** Random claims sets as JSON texts: siblings of one shape, most of them well-formed. */
import type { Random } from './token-random.ts'

/** Names, each as it stands between quotes, and what its values are. */
export type Shape = readonly (readonly [name: string, kind: keyof typeof values])[]

const now = 1_000_000
const seconds = [now + 60, now + 3600, now + 1, now, now - 1, now - 60, 1, 0, -1].map(String)
const numbers = [
  '0 -0 7 -12 1.5 1.0 -0.25 1e5 1E+5 1e-5 100 10 2000000000 9007199254740991 9007199254740993 1e308 5e-324',
  '123456789012345678901234567890 0.1234567890123456789',
].flatMap(line => line.split(' '))
const badNumbers = '01 -01 00 1. .5 +1 - --1 1e 1e+ 0x1 1_0 1e999 -1e999 ١ 1n 1,2'.split(' ')
const pieces = [' ', '\u2028', '\u007f', '\ufeff'].concat(
  String.raw`a user 0 é 漢 😀 / { } [ ] , : ' \" \\ \n \u0041 \u0000 \ud83d\ude00 \ud800 \/ exp __proto__`.split(
    ' ',
  ),
  String.raw`\",\"x\":\" \\\"`.split(' '),
)
const badPieces = ['\n', '\0', '\t', '\u0001'].concat(
  String.raw`" \ \x \u12 \U0041 "," ":" ","sub":" "} \\"`.split(' '),
)
const words = ['true', 'false', 'null']
const badWords = ['', 'null null'].concat("True tru nul truex undefined NaN -Infinity '' // ;".split(' '))
const nested = ['[ ]', '{ }', '[ 1 , null ]'].concat(
  '{} [] [[]] {"a":1} {"a":{"b":[]}} ["a","b"] [1,2] [{"a":1},{"a":1}] {"exp":1} {"":0} {"toString":1}'.split(
    ' ',
  ),
  '[[[[[[[]]]]]]] [true,"]"]'.split(' '),
)
const badNested = ['["a" "b"]'].concat(
  '{"a":1,"a":1} [[[[[[[[]]]]]]]] {"__proto__":1} {"constructor":1} [{"prototype":[]}] [1,] [,] {"a"}'.split(
    ' ',
  ),
  String.raw`{"a":1,"\u0061":2} {"\u005f_proto__":1} {a:1} [1 {"a":1 [} {] {"a":1,}`.split(' '),
)

/** A value of each kind. Every now and then it is of the kind, and not JSON. */
const values = {
  text: (random: Random) =>
    `"${random.list(5, () => random.one(random.chance(40) ? badPieces : pieces)).join('')}"`,
  time: (random: Random) =>
    random.one(random.chance(20) ? badNumbers : random.chance(4) ? seconds : seconds.slice(0, 2)),
  past: (random: Random) =>
    random.one(random.chance(20) ? badNumbers : random.chance(6) ? seconds : seconds.slice(3)),
  number: (random: Random) => {
    if (random.chance(3)) return random.list(20, () => random.below(10)).join('') + random.below(10)
    return random.one(random.chance(15) ? badNumbers : numbers)
  },
  word: (random: Random) => random.one(random.chance(15) ? badWords : words),
  nested: (random: Random) => random.one(random.chance(10) ? badNested : nested),
  texts: (random: Random): string =>
    `[${random.list(3, () => values.text(random)).join(random.chance(20) ? '' : ',')}]`,
} as const

const kinds = Object.keys(values) as (keyof typeof values)[]
const registered: Shape = [
  ['exp', 'time'],
  ['iat', 'past'],
  ['nbf', 'past'],
  ['iss', 'text'],
  ['sub', 'text'],
  ['jti', 'text'],
  ['aud', 'text'],
  ['aud', 'texts'],
]
const names = ['', 'e\u0301', 'exp '].concat(
  'a ab abc b role x y 0 1 10 é toString valueOf ex expp 😀 __proto n,m n:m { length admin'.split(' '),
  String.raw`a\"b a\\ \u0061b https:\/\/x`.split(' '),
)

/** Up to nine names, mostly with an exp. */
export function randomShape(random: Random): Shape {
  const claims = registered.filter(() => random.chance(2))
  const others = random.list(5, () => [random.one(names), random.one(kinds)] as const)
  const all = [...claims, ...others].map(member => ({ member, order: random.below(1000) }))
  const shape = all.sort((one, other) => one.order - other.order).map(({ member }) => member)
  return shape.filter(([name], index) => shape.findIndex(each => each[0] === name) === index)
}

/** A text of the shape. */
export function textOf(shape: Shape, random: Random): string {
  return `{${membersOf(shape, random).join()}}`
}

/** Its members, each with its name. */
export function membersOf(shape: Shape, random: Random): string[] {
  return shape.map(
    ([name, kind]) => `"${name}":${values[random.chance(25) ? random.one(kinds) : kind](random)}`,
  )
}
