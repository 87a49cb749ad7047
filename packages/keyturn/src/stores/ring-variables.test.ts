import { describe, expect, it } from 'vitest'
import {
  changed,
  firstRing,
  freshKey,
  legacyRing,
  now,
  rotatedRing,
  stagedRing,
} from '../../test/sample-rings.ts'
import { expectError } from '../../test/expect-error.ts'
import type { Ring } from '../ports/ring-store.ts'
import { activate } from '../ring/activate.ts'
import { emergency } from '../ring/emergency.ts'
import { activeKey } from '../ring/keys.ts'
import { generateSecret } from '../secret/generate.ts'
import { Secret } from '../secret/secret.ts'
import { ringFrom, variableNames, variablesOf, type VariableNames } from './ring-variables.ts'

const names = variableNames()

const read = (
  values: ReadonlyMap<string, string | undefined>,
  with_: VariableNames = names,
): Ring | undefined => ringFrom(name => values.get(name), with_)

const revealed = (ring: Ring | undefined): Record<string, string> =>
  Object.fromEntries([...(ring?.secrets ?? [])].map(([kid, secret]) => [kid, secret.reveal()]))

const bytesOf = (ring: Ring): Record<string, string> => {
  const kids = ring.document.keys
    .filter(key => key.state !== 'compromised' && !key.bytesLost)
    .map(key => key.kid)
  return Object.fromEntries(Object.entries(revealed(ring)).filter(([kid]) => kids.includes(kid)))
}

/** Written and read again it is the same ring, and nobody edited it. */
function expectRoundTrip(ring: Ring): ReadonlyMap<string, string | undefined> {
  const values = variablesOf(ring, names)
  const found = read(values)
  expect(found?.document).toEqual(ring.document)
  expect(revealed(found)).toEqual(bytesOf(ring))
  expect(found?.edited).toBeUndefined()
  return values
}

const secretOf = (ring: Ring, kid: string): string => ring.secrets.get(kid)?.reveal() ?? ''
const activeSecret = (ring: Ring): string => secretOf(ring, activeKey(ring.document).kid)
const setNames = (values: ReadonlyMap<string, string | undefined>): string[] =>
  [...values].filter(([, value]) => value !== undefined).map(([name]) => name)

describe('variableNames', () => {
  it('are the ones of the guide', () => {
    expect(names).toEqual({
      active: 'JWT_SECRET_KEY',
      staged: 'JWT_SECRET_KEY_NEXT',
      retiring: 'JWT_SECRET_KEY_PREVIOUS',
      suspended: 'JWT_SECRET_KEY_SUSPENDED',
      legacy: 'JWT_SECRET_KEY_LEGACY',
      keyring: 'JWT_KEYRING',
    })
  })

  it('follow the name of the active one', () => {
    expect(variableNames('API_SECRET_KEY')).toMatchObject({
      staged: 'API_SECRET_KEY_NEXT',
      keyring: 'API_KEYRING',
    })
    expect(variableNames('API_SECRET').keyring).toBe('API_KEYRING')
    expect(variableNames('SIGNING').keyring).toBe('SIGNING_KEYRING')
  })
})

describe('a ring in variables', () => {
  it('comes back with one active key', () => {
    const ring = firstRing()
    const values = expectRoundTrip(ring)
    expect(values.get('JWT_SECRET_KEY')).toBe(activeSecret(ring))
    expect(setNames(values)).toEqual(['JWT_SECRET_KEY', 'JWT_KEYRING'])
  })

  it('comes back with a staged key', () => {
    const values = expectRoundTrip(stagedRing(firstRing()))
    expect(setNames(values)).toEqual(['JWT_SECRET_KEY', 'JWT_SECRET_KEY_NEXT', 'JWT_KEYRING'])
  })

  it('comes back with retiring keys, newest first', () => {
    const first = firstRing()
    const second = rotatedRing(first)
    const third = changed(stagedRing(second), document =>
      activate(document, { mode: 'graceful', now: now + 60, grace: 172_800, hold: 172_800 }),
    )
    const later = {
      ...third.document,
      keys: third.document.keys.map(key =>
        key.kid === activeKey(second.document).kid ? { ...key, activatedAt: now + 30 } : key,
      ),
    }
    const values = expectRoundTrip({ ...third, document: later })
    expect(values.get('JWT_SECRET_KEY_PREVIOUS')).toBe(`${activeSecret(second)},${activeSecret(first)}`)
  })

  it('comes back with suspended keys', () => {
    const first = firstRing()
    const values = expectRoundTrip(rotatedRing(first, 'hard'))
    expect(values.get('JWT_SECRET_KEY_SUSPENDED')).toBe(activeSecret(first))
    expect(values.get('JWT_SECRET_KEY_PREVIOUS')).toBeUndefined()
  })

  it('comes back with every state at once', () => {
    const everything = stagedRing(rotatedRing(rotatedRing(rotatedRing(firstRing(), 'hard'))))
    const states = everything.document.keys.map(key => key.state)
    expect(new Set(states)).toEqual(new Set(['active', 'staged', 'retiring', 'suspended']))
    expectRoundTrip(everything)
  })

  it('keeps no byte of a compromised key', () => {
    const before = stagedRing(rotatedRing(firstRing()))
    const fresh = freshKey()
    const after = changed(before, document => emergency(document, { fresh: fresh.key, now }), { fresh })
    const text = JSON.stringify([...expectRoundTrip(after).values()])
    for (const secret of before.secrets.values()) expect(text.includes(secret.reveal())).toBe(false)
  })

  it('keeps no byte of a key whose value was overwritten', () => {
    const first = firstRing()
    const hard = rotatedRing(first, 'hard')
    const lost = {
      ...hard,
      document: {
        ...hard.document,
        keys: hard.document.keys.map(key =>
          key.state === 'suspended' ? { ...key, bytesLost: true as const } : key,
        ),
      },
    }
    expect(expectRoundTrip(lost).get('JWT_SECRET_KEY_SUSPENDED')).toBeUndefined()
  })

  it('bears other names', () => {
    const ring = stagedRing(rotatedRing(firstRing()))
    const renamed = variableNames('API_SECRET_KEY')
    const values = variablesOf(ring, renamed)
    expect(setNames(values).every(name => name.startsWith('API_'))).toBe(true)
    expect(read(values, renamed)?.document).toEqual(ring.document)
    expect(read(values)).toBeUndefined()
  })

  it('is not written without the bytes of a key', async () => {
    const ring = firstRing()
    await expectError(() => variablesOf({ ...ring, secrets: new Map() }, names), 'ERR_RING_INVALID')
  })

  it.each(['with, a comma', ' with space before', 'with space after '])(
    'is not written with a retiring secret %j, which a list would not give back',
    async text => {
      const ring = rotatedRing(firstRing())
      const [old] = ring.document.keys.filter(({ state }) => state === 'retiring')
      const secrets = new Map(ring.secrets).set(old?.kid ?? '', new Secret(text))
      const message = await expectError(() => variablesOf({ ...ring, secrets }, names), 'ERR_STORE_INVALID')
      expect(message).toContain('JWT_SECRET_KEY_PREVIOUS')
      expect(message).not.toContain(text.trim())
    },
  )

  it('is not written with a suspended secret that is no text', async () => {
    const ring = rotatedRing(firstRing(), 'hard')
    const [old] = ring.document.keys.filter(({ state }) => state === 'suspended')
    const secrets = new Map(ring.secrets).set(old?.kid ?? '', new Secret('half \udc80'))
    await expectError(() => variablesOf({ ...ring, secrets }, names), 'ERR_STORE_INVALID')
  })

  it('is none without an active secret', () => {
    expect(read(new Map())).toBeUndefined()
    expect(read(new Map([['JWT_SECRET_KEY', '']]))).toBeUndefined()
    expect(read(new Map([['JWT_SECRET_KEY_NEXT', generateSecret()]]))).toBeUndefined()
  })
})

describe('a legacy secret', () => {
  // What no list of variables could carry as it is.
  const weak = "it,s 50% weak, 'and' odd: #$&"

  it('comes back while it verifies', () => {
    const values = expectRoundTrip(legacyRing(weak))
    expect(values.get('JWT_SECRET_KEY_LEGACY')).toBe(weak)
    expect(values.get('JWT_SECRET_KEY_PREVIOUS')).toBeUndefined()
  })

  it('comes back beside a retiring key', () => {
    const values = expectRoundTrip(rotatedRing(legacyRing(weak)))
    expect(values.get('JWT_SECRET_KEY_LEGACY')).toBe(weak)
    expect(values.get('JWT_SECRET_KEY_PREVIOUS')).toBeDefined()
  })

  it('comes back when it is suspended, also beside other suspended keys', () => {
    const values = expectRoundTrip(rotatedRing(rotatedRing(legacyRing(weak)), 'hard'))
    expect(values.get('JWT_SECRET_KEY_LEGACY')).toBeUndefined()
    expect(values.get('JWT_SECRET_KEY_SUSPENDED')).not.toContain(weak)
  })

  it('loses its bytes in an emergency', () => {
    const fresh = freshKey()
    const ring = changed(legacyRing(weak), document => emergency(document, { fresh: fresh.key, now }), {
      fresh,
    })
    expect(expectRoundTrip(ring).get('JWT_SECRET_KEY_LEGACY')).toBeUndefined()
  })
})
