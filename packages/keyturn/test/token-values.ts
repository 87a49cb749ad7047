/** judgeValue: a JSON value, judged at several places of the payload and in the header. */
import { judge, now } from './token-judgement.ts'

/** Places for a value, each with values that were there before. */
const places: readonly [string, (value: string) => string][] = [
  ['in a claim', value => `{"exp":${now + 60},"x":${value},"sub":"s"}`],
  ['in the last claim', value => `{"exp":${now + 60},"sub":"s","x":${value}}`],
  ['in an array', value => `{"x":[0,${value},1],"exp":${now + 60}}`],
  ['in an object', value => `{"exp":${now + 60},"x":{"y":${value},"z":"z"}}`],
]
const goodValues = ['1', '"a"', 'true', 'null', '[]', '{}', '2.5', '""', '[1]', '{"y":1}']
const headerWith = (value: string): string => `{"alg":"HS256","kid":"a","x":${value}}`

/** The verdict at each place. */
export function judgeValue(value: string): Record<string, string> {
  const verdicts = places.map(([name, place]): [string, string] => [
    name,
    judge({ payload: place(value), like: goodValues.map(place) }),
  ])
  return Object.fromEntries([...verdicts, ['in the header', judge({ header: headerWith(value) })]])
}
/** Refused everywhere. */
export const refused = Object.fromEntries([
  ...places.map(([name]) => [name, 'ERR_TOKEN_PAYLOAD']),
  ['in the header', 'ERR_TOKEN_HEADER'],
])
/** Accepted everywhere, and read as JSON.parse reads it. */
export const accepted = Object.fromEntries(Object.keys(refused).map(name => [name, 'accepted']))
