/** What a verifier hands out cannot change what it says later. */
import { describe, expect, it } from 'vitest'
import { createVerifier, type Verified, type Verifier } from '../src/token/index.ts'
import { forge, keys, now } from './token-judgement.ts'

const claims = { exp: now + 60, aud: ['web'], roles: { admin: false, list: [{ name: 'x' }, []] }, sub: 'a' }

/** Every object in a value, itself first. */
function objectsIn(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return []
  return [value, ...Object.values(value).flatMap(objectsIn)]
}

/** Tries everything that would change an object. Whatever fails, fails. */
function vandalise(object: object): void {
  for (const name of [...Object.keys(object), 'exp', 'admin', '0', 'ok'])
    for (const change of [
      () => Reflect.set(object, name, 'changed'),
      () => Reflect.defineProperty(object, name, { value: 'changed' }),
      () => Reflect.deleteProperty(object, name),
    ])
      change()
  Reflect.setPrototypeOf(object, { exp: 9e9, admin: true })
  for (const method of ['push', 'fill', 'reverse', 'sort'] as const)
    try {
      Reflect.apply(Array.prototype[method], object, ['changed'])
    } catch {
      // As it should.
    }
}

describe.each([
  ['with a cache', { entries: 10 }],
  ['without a cache', false],
] as const)('a verifier %s', (_, cache) => {
  const make = (): Verifier => createVerifier({ keys, now: () => now, cache })
  // A header of its own, which no other verifier of this process has frozen.
  const header = { alg: 'HS256', kid: 'a', x: { list: [1], cache } }
  const token = forge(JSON.stringify(header), JSON.stringify(claims))
  const expected = { header, payload: claims, kid: 'a' }

  function expectUnchanged(verify: Verifier): void {
    expect(verify.result(token)).toStrictEqual({ ok: true, ...expected })
    expect(verify(token)).toStrictEqual(expected)
  }

  it('says the same whatever was done to what it said', () => {
    const verify = make()
    for (let count = 0; count < 4; count++) {
      expectUnchanged(verify)
      for (const object of [...objectsIn(verify(token)), ...objectsIn(verify.result(token))].reverse())
        vandalise(object)
      expectUnchanged(verify)
    }
    expectUnchanged(make())
  })

  it('says of other tokens with the same header and the same names what is in them', () => {
    const verify = make()
    for (let count = 0; count < 20; count++) {
      const payload = {
        ...claims,
        sub: `user-${count}`,
        roles: { admin: false, list: [{ name: `${count}` }, []] },
      }
      const { payload: read, header: head } = verify(forge(JSON.stringify(header), JSON.stringify(payload)))
      expect(read).toStrictEqual(payload)
      expect(head).toStrictEqual(header)
      for (const object of [...objectsIn(read), ...objectsIn(head)].reverse()) vandalise(object)
    }
  })
})

describe('a remembered payload', () => {
  it('is frozen at every depth, from the first time on', () => {
    const verify = createVerifier({ keys, now: () => now, cache: { entries: 10 } })
    const token = forge('{"alg":"HS256"}', JSON.stringify(claims))
    for (let count = 0; count < 3; count++)
      for (const { payload, header } of [verify(token), verify.result(token) as unknown as Verified])
        for (const object of [...objectsIn(payload), ...objectsIn(header)])
          expect(Object.isFrozen(object)).toBe(true)
  })
})
