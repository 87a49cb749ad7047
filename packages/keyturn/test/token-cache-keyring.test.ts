/** A verifier over a keyring that remembers what it accepted follows the ring at once. */
import { describe, expect, it } from 'vitest'
import { emergency } from '../src/rotation/emergency.ts'
import { rotate } from '../src/rotation/rotate.ts'
import { emptyDocument } from '../src/ring/adopt.ts'
import { createVerifier, type Verifier } from '../src/token/index.ts'
import { bench, grounds } from './fleet-fixtures.ts'
import { forge, keyringBench, type KeyringBench } from './keyring-fixtures.ts'
import { freshSecret, hour, key, limits, now } from './ring-fixtures.ts'

/** A verifier that has accepted the token three times. */
function verifierOf(made: KeyringBench, token: string): Verifier {
  const { keyring, clock } = made
  const verify = createVerifier({ keys: keyring, now: () => clock.now() / 1000, cache: { entries: 10 } })
  for (let count = 0; count < 3; count++) expect(verify.result(token)).toMatchObject({ ok: true })
  return verify
}

const codeOf = (verify: Verifier, token: string): string => {
  const result = verify.result(token)
  return result.ok ? 'accepted' : result.code
}

describe('a remembered verdict', () => {
  it('ends with a hard rotation, and again with an emergency', async () => {
    const made = await keyringBench()
    const token = made.keyring.sign({ sub: 'anna' }, { expiresIn: '1h' })
    const verify = verifierOf(made, token)
    await rotate(made.context, { ...grounds, mode: 'hard', noFleet: true })
    await made.live.reload()
    expect(codeOf(verify, token)).toBe('ERR_KEY_SUSPENDED')
    await emergency(made.context, { ...grounds, timeout: 0 })
    await made.live.reload()
    expect(codeOf(verify, token)).toBe('ERR_KEY_COMPROMISED')
    expect(() => verify(token)).toThrow(expect.objectContaining({ code: 'ERR_KEY_COMPROMISED', status: 401 }))
  })

  it('outlives a graceful rotation', async () => {
    const made = await keyringBench()
    const token = made.keyring.sign({ sub: 'anna' }, { expiresIn: '1h' })
    const verify = verifierOf(made, token)
    await rotate(made.context, { ...grounds, mode: 'graceful', noFleet: true })
    await made.live.reload()
    expect(codeOf(verify, token)).toBe('accepted')
  })

  it.each([true, false])('ends in the second in which its key is retired; with a kid: %s', async hasKid => {
    const [active, retiring] = [freshSecret(), freshSecret()]
    const keys = [key(active.kid, 'active'), key(retiring.kid, 'retiring', { verifyUntil: now + hour })]
    const document = { ...emptyDocument('immonow/production', limits, keys), generation: 7 }
    const secrets = new Map([active, retiring].map(each => [each.kid, each.secret]))
    const made = await keyringBench({ made: bench({ ring: { document, secrets } }) })
    const claims = { sub: 'anna', iat: now, exp: now + 2 * hour }
    const token = forge(retiring.secret, claims, hasKid ? { kid: retiring.kid } : {})
    const verify = verifierOf(made, token)
    made.clock.advance(hour * 1000 - 2)
    await made.live.reload()
    expect(codeOf(verify, token)).toBe('accepted')
    made.clock.advance(1)
    expect(codeOf(verify, token)).toMatch(
      hasKid ? /^ERR_KEY_RETIRED$/ : /^ERR_(TOKEN_SIGNATURE|KEY_UNKNOWN)$/,
    )
  })

  it('ends while the instance does not hear of its store', async () => {
    const made = await keyringBench()
    made.tampered.isDown = true
    made.clock.advance(Math.floor((limits.maxStale * 1000) / 1.02) - 5_000)
    const token = made.keyring.sign({ sub: 'anna' }, { expiresIn: 60 })
    // It asks and hears nothing; it did not stand still.
    await made.live.reload()
    const verify = verifierOf(made, token)
    made.clock.advance(5_001)
    await made.live.reload()
    expect(() => verify(token)).toThrow(expect.objectContaining({ code: 'ERR_RING_STALE', status: 503 }))
    made.tampered.isDown = false
    // As the next poll does.
    await made.live.reload()
    expect(codeOf(verify, token)).toBe('accepted')
  })
})
