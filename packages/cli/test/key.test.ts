import { generateSecret, kidOf } from 'keyturn'
import { describe, expect, it } from 'vitest'
import { documentOf, type Status } from '../../../test/support/cli.ts'
import { makeRing, type RingFolder } from './ring-folder.ts'

async function states(ring: RingFolder): Promise<Record<string, string>> {
  const { keys } = documentOf<Status>(await ring.run(['status', '--json']))
  return Object.fromEntries(keys.map(key => [key.kid, key.state]))
}

describe('keyturn key', () => {
  it('imports a secret from standard input, which the next rotation makes sign', async () => {
    const ring = await makeRing()
    const secret = generateSecret()
    const done = await ring.run(['key', 'import', '--reason', 'from the vault'], { input: `${secret}\n` })
    expect(done, done.stderr).toMatchObject({ code: 0 })
    expect(done.stdout).toContain('no weakness found')
    expect((await states(ring))[kidOf(secret)]).toBe('staged')
    expect(await ring.run(['key', 'import', '--reason', 'again'], { input: generateSecret() })).toMatchObject(
      { code: 6 },
    )
    expect(await ring.run(['rotate', '--reason', 'use it', '--no-fleet'])).toMatchObject({ code: 0 })
    expect((await states(ring))[kidOf(secret)]).toBe('active')
  })

  it('refuses to import a weak secret, a compromised one, and one on the command line', async () => {
    const ring = await makeRing()
    const secret = generateSecret()
    expect(await ring.run(['key', 'import', '--reason', 'x'], { input: 'changeme' })).toMatchObject({
      code: 3,
    })
    expect(await ring.run(['key', 'import', '--reason', 'x'], { input: secret })).toMatchObject({ code: 0 })
    expect(await ring.run(['emergency', '--reason', 'x', '--confirm', 'default/default'])).toMatchObject({
      code: 0,
    })
    expect(await ring.run(['key', 'import', '--reason', 'x'], { input: secret })).toMatchObject({ code: 6 })
    expect(await ring.run(['key', 'import', 'secret', '--reason', 'x'])).toMatchObject({ code: 2 })
  })

  it('identifies a secret and a token: ring, state, age, and the command for an emergency', async () => {
    const ring = await makeRing()
    const keyring = await ring.join()
    const secret = generateSecret()
    await ring.run(['key', 'import', '--reason', 'x'], { input: secret })
    const found = await ring.run(['key', 'identify'], { input: secret })
    expect(found.stdout).toContain(kidOf(secret))
    expect(found.stdout).toContain('keyturn emergency --confirm default/default')
    expect(found.stdout + found.stderr).not.toContain(secret)
    const token = keyring.sign({ sub: '7' }, { expiresIn: '5m' })
    expect((await ring.run(['key', 'identify'], { input: token })).stdout).toContain(keyring.activeKid)
    expect(await ring.run(['key', 'identify'], { input: generateSecret() })).toMatchObject({ code: 5 })
  })

  it('retires a retiring key early only by force, and destroys a suspended one', async () => {
    const ring = await makeRing()
    const old = Object.keys(await states(ring))[0] ?? ''
    expect(await ring.run(['key', 'retire', old, '--reason', 'x'])).toMatchObject({ code: 6 })
    expect(await ring.run(['rotate', '--reason', 'x', '--no-fleet'])).toMatchObject({ code: 0 })
    expect(await ring.run(['key', 'retire', old, '--reason', 'x'])).toMatchObject({ code: 6 })
    expect(await ring.run(['key', 'destroy', old, '--reason', 'x'])).toMatchObject({ code: 6 })
    expect(await ring.run(['key', 'retire', old, '--reason', 'x', '--force'])).toMatchObject({ code: 0 })
    expect((await states(ring))[old]).toBe('suspended')
    expect(await ring.run(['key', 'destroy', old])).toMatchObject({ code: 2 })
    expect(await ring.run(['key', 'destroy', old, '--reason', 'x'])).toMatchObject({ code: 0 })
    expect(await states(ring)).not.toHaveProperty(old)
    expect(await ring.run(['key', 'show', old])).toMatchObject({ code: 5 })
  })
})
