/** What a keyring accepts, and the code of each refusal: at once, without asking the store. */
import { describe, expect, it } from 'vitest'
import { bench, grounds } from '../../test/fleet-fixtures.ts'
import { forge, keyringBench, type KeyringBench } from '../../test/keyring-fixtures.ts'
import { freshSecret, hour, key, limits, now } from '../../test/ring-fixtures.ts'
import { emptyDocument } from '../ring/adopt.ts'
import type { RingKey } from '../ring/document.ts'
import { Secret } from '../secret/secret.ts'
import { emergency } from '../rotation/emergency.ts'
import { rotate } from '../rotation/rotate.ts'
import type { KeyringChecks } from './keyring.ts'

const states = ['staged', 'active', 'retiring', 'suspended'] as const
const secrets = Object.fromEntries(states.map(state => [state, freshSecret()]))
const legacy = new Secret('django-insecure-0123456789-abcdefghijklmnopqrstuvw')

/** A keyring with one key of every state, and a token of each. */
async function everyState(checks: KeyringChecks = {}): Promise<KeyringBench> {
  const keys: RingKey[] = states.map(state => ({
    ...key(secrets[state]?.kid ?? '', state),
    ...(state === 'retiring' && { verifyUntil: now + hour, aliases: ['key-1'] }),
    ...(state === 'suspended' && { deactivatedAt: now, holdUntil: now + hour }),
  }))
  keys.push(key('legacy', 'retiring', { legacy: true, verifyUntil: now + hour, aliases: ['old'] }))
  keys.push(key('compromised', 'compromised'))
  const held = new Map([
    ...Object.values(secrets).map(each => [each.kid, each.secret] as const),
    ['legacy', legacy],
  ])
  const document = { ...emptyDocument('immonow/production', limits, keys), generation: 7 }
  return keyringBench({ made: bench({ ring: { document, secrets: held } }), checks })
}
const claims = { sub: 'anna', iat: now, exp: now + 900 }
const tokenOf = (state: string, kid = secrets[state]?.kid): string =>
  forge(secrets[state]?.secret ?? legacy, claims, kid === undefined ? {} : { kid })
const withoutKid = (state: string): string => forge(secrets[state]?.secret ?? legacy, claims)

async function expectRefused(made: KeyringBench, token: string, code: string, status = 401): Promise<void> {
  const refusal = { name: 'TokenError', code, status }
  await expect(made.keyring.authenticate(token)).rejects.toMatchObject(refusal)
  expect(() => made.keyring.verify(token)).toThrow(expect.objectContaining(refusal))
  expect(made.tampered.reads).toBe(0)
}

describe('a token with a kid', () => {
  it.each(['staged', 'active', 'retiring'])('of a %s key is accepted', async state => {
    const { keyring } = await everyState()
    const kid = secrets[state]?.kid
    expect(await keyring.authenticate(tokenOf(state))).toMatchObject({
      kid,
      payload: claims,
      header: { kid },
    })
    expect(keyring.verify(tokenOf(state)).kid).toBe(kid)
  })

  it('from before adoption is accepted by an alias, under the kid of its key', async () => {
    const { keyring } = await everyState()
    expect((await keyring.authenticate(tokenOf('retiring', 'key-1'))).kid).toBe(secrets['retiring']?.kid)
    expect((await keyring.authenticate(tokenOf('legacy', 'old'))).kid).toBe('legacy')
  })

  it('of a retiring key dies with the second of its verifyUntil', async () => {
    const made = await everyState()
    const token = forge(
      secrets['retiring']?.secret ?? legacy,
      { ...claims, exp: now + 2 * hour },
      { kid: 'key-1' },
    )
    made.clock.advance(hour * 1000 - 2)
    await made.live.reload()
    expect((await made.keyring.authenticate(token)).kid).toBe(secrets['retiring']?.kid)
    made.clock.advance(1)
    made.tampered.reads = 0
    await expectRefused(made, token, 'ERR_KEY_RETIRED')
  })

  it.each([
    ['ERR_KEY_SUSPENDED', () => tokenOf('suspended')],
    ['ERR_KEY_COMPROMISED', () => tokenOf('active', 'compromised')],
    ['ERR_TOKEN_SIGNATURE', () => tokenOf('staged', secrets['active']?.kid)],
    ['ERR_TOKEN_SIGNATURE', () => tokenOf('active').slice(0, -2) + 'AA'],
    ['ERR_TOKEN_MALFORMED', () => 'no token'],
    ['ERR_TOKEN_MALFORMED', () => `${tokenOf('active')}.more`],
    ['ERR_TOKEN_TOO_LARGE', () => 'A'.repeat(9000)],
  ])('is refused at once with %s', async (code, token) => expectRefused(await everyState(), token(), code))

  it('of a suspended key that is younger than the suspension is 503 while the store does not answer', async () => {
    const made = await everyState()
    const { secret = legacy, kid = '' } = secrets['suspended'] ?? {}
    // As if a rollback had brought the key back, and nobody had told.
    const younger = forge(secret, { ...claims, iat: now + 1 }, { kid })
    const ageless = forge(secret, { sub: 'anna', exp: now + 900 }, { kid })
    for (const token of [younger, ageless]) await expectRefused(made, token, 'ERR_KEY_SUSPENDED')
    made.tampered.isDown = true
    made.clock.advance(limits.lease * 500)
    await made.live.reload()
    const cannotKnow = { code: 'ERR_KEY_UNKNOWN', status: 503 }
    await expect(made.keyring.authenticate(younger)).rejects.toMatchObject(cannotKnow)
    expect(() => made.keyring.verify(younger)).toThrow(expect.objectContaining(cannotKnow))
    const older = { code: 'ERR_KEY_SUSPENDED', status: 401 }
    await expect(made.keyring.authenticate(tokenOf('suspended'))).rejects.toMatchObject(older)
    made.tampered.isDown = false
    made.clock.advance(2_000)
    await expect(made.keyring.authenticate(younger)).rejects.toMatchObject(older)
  })

  it("is refused when its algorithm is not its key's", async () => {
    const { kid = '', secret = legacy } = secrets['active'] ?? {}
    await expectRefused(
      await everyState(),
      forge(secret, claims, { kid, alg: 'HS512' }),
      'ERR_TOKEN_ALGORITHM',
    )
  })
})

describe('a token without a kid', () => {
  it.each(['staged', 'active', 'retiring', 'legacy'])('of a %s key is accepted', async state => {
    const { keyring } = await everyState()
    const kid = state === 'legacy' ? 'legacy' : secrets[state]?.kid
    expect((await keyring.authenticate(withoutKid(state))).kid).toBe(kid)
    expect(keyring.verify(withoutKid(state)).kid).toBe(kid)
  })

  it('of a suspended key is refused, after the store was asked', async () => {
    const { keyring, tampered } = await everyState()
    await expect(keyring.authenticate(withoutKid('suspended'))).rejects.toMatchObject({
      code: 'ERR_TOKEN_SIGNATURE',
    })
    expect(tampered.reads).toBe(1)
  })

  it('is refused where a kid is required', async () => {
    await expectRefused(
      await everyState({ requireKid: true }),
      withoutKid('active'),
      'ERR_TOKEN_KID_REQUIRED',
    )
  })
})

describe('the claims of a token', () => {
  const { tolerance } = limits
  it.each([
    ['ERR_TOKEN_EXPIRED', { exp: now }],
    ['ERR_TOKEN_CLAIM', { exp: undefined }],
    ['ERR_TOKEN_CLAIM', { sub: 7 }],
    ['ERR_TOKEN_NOT_YET_VALID', { nbf: now + tolerance + 1 }],
    ['ERR_TOKEN_ISSUED_IN_FUTURE', { iat: now + tolerance + 1 }],
    ['ERR_TOKEN_ISSUER', { iss: 'somebody' }],
    ['ERR_TOKEN_AUDIENCE', { aud: ['others'] }],
  ])('are refused with %s: %j', async (code, change) => {
    const made = await everyState({ issuer: 'immonow', audience: 'api' })
    const { kid = '', secret = legacy } = secrets['active'] ?? {}
    const token = forge(secret, { ...claims, iss: 'immonow', aud: 'api', ...change }, { kid })
    await expectRefused(made, token, code)
  })

  it('may be ahead by the tolerance, but never past their end', async () => {
    const made = await everyState()
    const { kid = '', secret = legacy } = secrets['active'] ?? {}
    const early = forge(secret, { ...claims, iat: now + tolerance, nbf: now + tolerance }, { kid })
    expect((await made.keyring.authenticate(early)).kid).toBe(kid)
    const token = forge(secret, { ...claims, exp: now + 10 }, { kid })
    made.clock.advance(9_998)
    expect(made.keyring.verify(token).kid).toBe(kid)
    made.clock.advance(1)
    expect(() => made.keyring.verify(token)).toThrow(expect.objectContaining({ code: 'ERR_TOKEN_EXPIRED' }))
  })
})

it('the answers of a keyring change with its ring', async () => {
  const made = await keyringBench()
  const token = made.keyring.sign({ sub: 'anna' }, { expiresIn: '1h' })
  const before = made.keyring.activeKid
  await rotate(made.context, { ...grounds, mode: 'hard', noFleet: true })
  await made.live.reload()
  expect(made.keyring.activeKid).not.toBe(before)
  expect(() => made.keyring.verify(token)).toThrow(expect.objectContaining({ code: 'ERR_KEY_SUSPENDED' }))
  await emergency(made.context, { ...grounds, timeout: 0 })
  await made.live.reload()
  expect(() => made.keyring.verify(token)).toThrow(expect.objectContaining({ code: 'ERR_KEY_COMPROMISED' }))
})
