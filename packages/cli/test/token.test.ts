import { generateSecret } from 'keyturn'
import { createSigner } from 'keyturn/token'
import { describe, expect, it } from 'vitest'
import { documentOf } from '../../../test/support/cli.ts'
import { makeRing } from './ring-folder.ts'

describe('keyturn token', () => {
  it('self-test says that the JWT service works', async () => {
    const ring = await makeRing()
    const done = await ring.run(['token', 'self-test'])
    expect(done).toMatchObject({ code: 0 })
    expect(done.stdout).toMatch(/^JWT service initialized successfully\n/)
  })

  it('self-test works from the environment alone, and refuses a weak secret there', async () => {
    const ring = await makeRing({}, false)
    expect(
      await ring.run(['token', 'self-test'], { env: { JWT_SECRET_KEY: generateSecret() } }),
    ).toMatchObject({ code: 0 })
    const weak = await ring.run(['token', 'self-test'], { env: { JWT_SECRET_KEY: 'changeme' } })
    expect(weak).toMatchObject({ code: 3, stdout: '' })
    expect(weak.stderr).toContain('JWT_SECRET_KEY must be at least 64 characters')
    expect(await ring.run(['token', 'self-test'])).toMatchObject({ code: 3 })
  })

  it('verify accepts a token of this ring, and says why another is refused', async () => {
    const ring = await makeRing()
    const keyring = await ring.join()
    const token = keyring.sign({ sub: '7' }, { expiresIn: '5m' })
    const accepted = documentOf<{ kid: string; verified: boolean }>(
      await ring.run(['token', 'verify', '--json'], { input: `${token}\n` }),
    )
    expect(accepted).toMatchObject({ kid: keyring.activeKid, verified: true })
    const foreign = createSigner({
      key: { kid: 'other', alg: 'HS256', secret: generateSecret() },
      expiresIn: '5m',
    })({ sub: '7' })
    const refused = await ring.run(['token', 'verify'], { input: foreign })
    expect(refused).toMatchObject({ code: 3, stdout: '' })
    expect(refused.stderr).toContain('ERR_KEY_NOT_FOUND')
    expect(refused.stderr).not.toContain(foreign.slice(0, 20))
    // Looking is not joining: no gate would wait for it.
    expect(
      documentOf<{ instances: unknown[] }>(await ring.run(['fleet', 'list', '--json'])).instances,
    ).toHaveLength(1)
  })

  it('inspect shows header and payload, never the signature, and says that nothing is verified', async () => {
    const ring = await makeRing()
    const token = (await ring.join()).sign({ sub: '7' }, { expiresIn: '5m' })
    const shown = await ring.run(['token', 'inspect'], { input: token })
    expect(shown.stdout).toContain('"sub":"7"')
    expect(shown.stdout).not.toContain(token.split('.')[2])
    expect(shown.stderr).toContain('not verified')
    expect(await ring.run(['token', 'inspect'], { input: 'hello' })).toMatchObject({ code: 3 })
  })
})
