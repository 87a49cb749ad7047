/** damagedText: a text of a shape, made wrong or only different. */
import { membersOf, textOf, type Shape } from './token-json-texts.ts'
import type { Random } from './token-random.ts'

const inserted = [' ', '  ', '\n', '\t', '\u00a0', '\ufeff', '\0'].concat(
  String.raw`" \ { } [ ] , : 0 - e . t n 1 + / x ,"a":1 "" {} \u0061 "exp":1,`.split(' '),
)
const somewhere = (text: string, random: Random): number => random.below(text.length + 1)

/** Ways to make another text of a shape, harmful or not. */
const damages: readonly ((shape: Shape, random: Random) => string | Uint8Array)[] = [
  (shape, random) => {
    const text = textOf(shape, random)
    const at = somewhere(text, random)
    return text.slice(0, at) + random.one(inserted) + text.slice(at + random.below(2))
  },
  (shape, random) => {
    const text = textOf(shape, random)
    const at = somewhere(text, random)
    return text.slice(0, at) + text.slice(at + 1 + random.below(3))
  },
  (shape, random) => {
    const [one, other] = [textOf(shape, random), textOf(shape, random)]
    return one.slice(0, somewhere(one, random)) + other.slice(somewhere(other, random))
  },
  (shape, random) => {
    const members = membersOf(shape, random)
    members.splice(
      random.below(members.length + 1),
      0,
      random.one(membersOf(shape, random).concat('"new":1')),
    )
    return `{${members.join()}}`
  },
  (shape, random) =>
    textOf(
      [...shape].sort(() => random.below(3) - 1),
      random,
    ),
  (shape, random) =>
    textOf(
      shape.filter(() => !random.chance(4)),
      random,
    ),
  (shape, random) => {
    const renamed = shape.map(([name, kind]) => {
      const changes = [
        name.slice(0, -1),
        `${name}a`,
        name.toUpperCase(),
        name.replace(/^[a-z]/, first => `\\u00${first.charCodeAt(0).toString(16)}`),
      ]
      return [random.chance(3) ? random.one(changes) : name, kind] as const
    })
    return textOf(renamed, random)
  },
  (shape, random) =>
    `{${membersOf(shape, random).join(random.one([',,', '', ' , ', ';', ',\n', ',"', ' ']))}}`,
  (shape, random) =>
    `{${membersOf(shape, random)
      .join()
      .replaceAll('":', random.one(['" : ', '"::', '"', '"=', '":\t', '",']))}}`,
  (shape, random) =>
    random.one([' ', '\n', '\ufeff', '[', '\0', '{', '']) +
    textOf(shape, random) +
    random.one([' ', '\r\n', '}', ']', '\0', 'x', ',', '{}']),
  (shape, random) =>
    textOf(
      [
        ...shape,
        ...Array.from(
          { length: 66 - shape.length - random.below(4) },
          (_, index) => [`m${index}`, 'word'] as const,
        ),
      ],
      random,
    ),
  (shape, random) => {
    const bytes = Buffer.from(textOf(shape, random))
    bytes[random.below(bytes.length)] = random.below(256)
    return bytes
  },
]

/** Another text of the shape, changed in one way or another. */
export function damagedText(shape: Shape, random: Random): string | Uint8Array {
  return random.one(damages)(shape, random)
}
