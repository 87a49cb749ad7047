/** relativesOf: well-formed payloads that resemble another one, for verifiers to learn from. */

/** Values that a verifier of these tests accepts at 1,000,000, by the names of registered claims. */
const registered: Readonly<Record<string, (index: number) => unknown>> = {
  iss: () => 'https://api.example',
  sub: () => 'user-1',
  aud: index => (index % 3 === 2 ? ['web', 'app'] : 'web'),
  exp: index => 1_000_060 - index,
  nbf: index => 999_990 - index,
  iat: () => 999_990,
  jti: index => `${index}`,
}

const forbidden = ['__proto__', 'constructor', 'prototype']
const count = 10

/**
 * Ten payloads with the names of the one given, in its order, and with other values; what is not acceptable is
 * left out.
 * @param needed names of registered claims that come last where they are missing
 */
export function relativesOf(payload: string | Uint8Array, needed: readonly string[]): string[] {
  const value = parsedObject(payload)
  for (const name of needed) value[name] ??= true
  return Array.from({ length: count }, (_, index) => JSON.stringify(relative(value, index, 1)))
}

/** As JSON.parse has it: the last of two equal names. */
function parsedObject(bytes: string | Uint8Array): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes as string).toString())
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
  } catch {
    return {}
  }
}

function relative(value: unknown, index: number, depth: number): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value + index : index
  if (typeof value === 'string') return value + index
  if (typeof value !== 'object' || value === null) return value
  if (depth > 8) return index
  if (Array.isArray(value)) return value.map(each => relative(each, index, depth + 1))
  const members = Object.entries(value)
    .filter(([name]) => !forbidden.includes(name))
    .map(([name, each]): [string, unknown] => {
      const known = depth === 1 && Object.hasOwn(registered, name) ? registered[name] : undefined
      return [name, known ? known(index) : relative(each, index, depth + 1)]
    })
  let excess = Math.max(0, members.length - 64)
  return Object.fromEntries(
    members.filter(([name]) => (depth === 1 && Object.hasOwn(registered, name)) || excess-- <= 0),
  )
}
