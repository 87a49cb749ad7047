/** Unknown keys: 401 only after a read that began after the token arrived, or when the token cannot be newer. */
import { describe, expect, it } from 'vitest'
import { bench, grounds } from '../../test/fleet-fixtures.ts'
import { forge, keyringBench, type KeyringBench } from '../../test/keyring-fixtures.ts'
import { freshSecret, limits } from '../../test/ring-fixtures.ts'
import { KeyTable } from './key-table.ts'
import { Keyring } from './keyring.ts'
import { Counting } from './counters.ts'
import { Emitter } from './events.ts'
import { rotate } from '../rotation/rotate.ts'

const stranger = freshSecret()
const notFound = { name: 'TokenError', code: 'ERR_KEY_NOT_FOUND', status: 401 }
const unknown = { name: 'TokenError', code: 'ERR_KEY_UNKNOWN', status: 503 }

/** A token that was signed just now by a key nobody knows. */
const strange = (
  { clock }: KeyringBench,
  more: object = {},
  kid: string | undefined = stranger.kid,
): string =>
  forge(
    stranger.secret,
    { iat: clock.seconds, exp: clock.seconds + 900, ...more },
    kid === undefined ? {} : { kid },
  )

/** Two instances, of which the second has seen a rotation that the first has not. */
async function ahead(alg?: 'HS512'): Promise<{ here: KeyringBench; there: KeyringBench }> {
  const made = bench()
  const here = await keyringBench({ made })
  await rotate(made.context, { ...grounds, mode: 'graceful', noFleet: true, ...(alg && { alg }) })
  return { here, there: await keyringBench({ made, instance: 'two' }) }
}

describe('a token of a key that is newer than the ring held', () => {
  it('is accepted after a read of the store', async () => {
    const { here, there } = await ahead()
    const token = there.keyring.sign({ sub: 'anna' }, { expiresIn: '15m' })
    expect(await here.keyring.authenticate(token)).toMatchObject({ kid: there.keyring.activeKid })
    expect(here.tampered.reads).toBe(1)
  })

  it('is 503 for the synchronous verify, which cannot ask', async () => {
    const { here, there } = await ahead()
    const token = there.keyring.sign({ sub: 'anna' }, { expiresIn: '15m' })
    expect(() => here.keyring.verify(token)).toThrow(expect.objectContaining({ ...unknown, retryAfter: 2 }))
    expect(here.tampered.reads).toBe(0)
  })

  it.each([[undefined], ['HS512' as const]])(
    'is accepted without a kid too, with algorithm %s',
    async alg => {
      const { here, there } = await ahead(alg)
      const { kid } = there.live.table.active.key
      const secret = there.live.table.ring.secrets.get(kid) ?? stranger.secret
      const { seconds } = here.clock
      const token = forge(secret, { iat: seconds, exp: seconds + 900 }, alg ? { alg } : {})
      expect(await here.keyring.authenticate(token)).toMatchObject({ kid })
    },
  )

  it('is 503 while the store does not answer', async () => {
    const { here, there } = await ahead()
    here.tampered.isDown = true
    const token = there.keyring.sign({ sub: 'anna' }, { expiresIn: '15m' })
    await expect(here.keyring.authenticate(token)).rejects.toMatchObject({ ...unknown, retryAfter: 2 })
  })

  it('is 503 while the store answers with less than this instance holds', async () => {
    const { here, there } = await ahead()
    const { document } = here.live.table.ring
    here.tampered.change = ring => ({ ...ring, document: { ...document, generation: 0 } })
    const token = there.keyring.sign({ sub: 'anna' }, { expiresIn: '15m' })
    await expect(here.keyring.authenticate(token)).rejects.toMatchObject(unknown)
  })
})

describe('a token of a key that nobody knows', () => {
  it('is 401 after one read, with a kid and without', async () => {
    const here = await keyringBench()
    await expect(here.keyring.authenticate(strange(here))).rejects.toMatchObject(notFound)
    here.clock.advance(2_000)
    const kidless = forge(stranger.secret, { iat: here.clock.seconds, exp: here.clock.seconds + 900 })
    await expect(here.keyring.authenticate(kidless)).rejects.toMatchObject({
      code: 'ERR_TOKEN_SIGNATURE',
      status: 401,
    })
    expect(here.tampered.reads).toBe(2)
  })

  it('makes the store be read at most once per 2 s, and waits that long with 503', async () => {
    const here = await keyringBench()
    await expect(here.keyring.authenticate(strange(here))).rejects.toMatchObject(notFound)
    here.clock.advance(700)
    await expect(here.keyring.authenticate(strange(here))).rejects.toMatchObject({
      ...unknown,
      retryAfter: 2,
    })
    here.clock.advance(1_299)
    await expect(here.keyring.authenticate(strange(here))).rejects.toMatchObject({
      ...unknown,
      retryAfter: 1,
    })
    expect(here.tampered.reads).toBe(1)
    here.clock.advance(1)
    await expect(here.keyring.authenticate(strange(here))).rejects.toMatchObject(notFound)
    expect(here.tampered.reads).toBe(2)
  })

  it('shares one read with all that arrived before it began', async () => {
    const here = await keyringBench()
    here.tampered.hold()
    const answers = Array.from({ length: 50 }, () => here.keyring.authenticate(strange(here)))
    here.tampered.release()
    for (const answer of await Promise.allSettled(answers)) expect(answer).toMatchObject({ reason: notFound })
    expect(here.tampered.reads).toBe(1)
  })

  it('is not answered by a read that began before the token arrived', async () => {
    const here = await keyringBench()
    here.tampered.hold()
    void here.live.reload()
    here.clock.advance(1)
    const answer = here.keyring.authenticate(strange(here))
    here.tampered.release()
    await expect(answer).rejects.toMatchObject(notFound)
    expect(here.tampered.reads).toBe(2)
  })

  it('is 503 when such a read is under way and another one would come too soon', async () => {
    const here = await keyringBench()
    here.tampered.hold()
    const first = here.keyring.authenticate(strange(here))
    while (!here.live.isReading) await Promise.resolve()
    here.clock.advance(1)
    const second = here.keyring.authenticate(strange(here))
    here.tampered.release()
    await expect(first).rejects.toMatchObject(notFound)
    await expect(second).rejects.toMatchObject(unknown)
    expect(here.tampered.reads).toBe(1)
  })
})

describe('a token that cannot be newer than the ring held', () => {
  it.each([
    ['at once, when it was issued longer ago than the tolerance', -limits.tolerance - 1, 0],
    ['after a read, when it was issued just within the tolerance', -limits.tolerance, 1],
    ['after a read, when it says that it comes from the future', 600, 1],
  ])('is 401 %s', async (_, seconds, reads) => {
    const here = await keyringBench()
    const token = strange(here, { iat: here.clock.seconds + seconds })
    await expect(here.keyring.authenticate(token)).rejects.toMatchObject(notFound)
    expect(here.tampered.reads).toBe(reads)
  })

  it('is 401 for the synchronous verify too', async () => {
    const here = await keyringBench()
    const token = strange(here, { iat: here.clock.seconds - limits.tolerance - 1 })
    expect(() => here.keyring.verify(token)).toThrow(expect.objectContaining(notFound))
  })

  it.each([{ iat: undefined }, { iat: 'long ago' }])('is unknown when it does not say: %j', async more => {
    const here = await keyringBench()
    expect(() => here.keyring.verify(strange(here, more))).toThrow(expect.objectContaining(unknown))
  })
})

it('a fixed environment has nothing to ask: 401, and never stale', async () => {
  const here = await keyringBench()
  const table = new KeyTable(await here.ring())
  const keyring = new Keyring(
    { table },
    { checks: {}, emitter: new Emitter(), counting: new Counting(), clock: here.clock },
  )
  here.clock.advance(365 * 86_400_000)
  expect(keyring.state).toBe('fresh')
  await expect(keyring.authenticate(strange(here))).rejects.toMatchObject(notFound)
  expect(() => keyring.verify(strange(here))).toThrow(expect.objectContaining(notFound))
  expect(keyring.verify(keyring.sign({}, { expiresIn: 60 })).kid).toBe(keyring.activeKid)
})
