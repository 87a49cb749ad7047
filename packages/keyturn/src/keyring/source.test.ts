/** chooseSource: which variables lead to a hub, and what is missing. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { expectError } from '../../test/expect-error.ts'
import { hubDouble } from '../../test/hub-double.ts'
import { firstRing, ringName } from '../../test/sample-rings.ts'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { generateSecret } from '../secret/generate.ts'
import { chooseSource } from './source.ts'

const whole = { KEYTURN_URL: 'https://hub.example', KEYTURN_TOKEN: 'kt_x', KEYTURN_RING: ringName }
const others = { KEYTURN_ENV_FILE: '.env', JWT_SECRET_KEY: generateSecret() }
const choose = (env: Record<string, string | undefined>) => chooseSource({}, env)

describe('chooseSource', () => {
  it('takes the hub first, then the file, then the environment', () => {
    expect(choose({ ...others, ...whole })).toMatchObject({
      kind: 'live',
      name: 'the hub at hub.example:443',
    })
    expect(choose({ ...others, KEYTURN_URL: '' }).kind).toBe('env-file')
    expect(choose({ JWT_SECRET_KEY: others.JWT_SECRET_KEY }).kind).toBe('fixed')
  })

  it.each(['KEYTURN_RING', 'KEYTURN_TOKEN'])(
    'names %s when it is missing, and takes no other source',
    async name => {
      for (const value of [undefined, ''])
        expect(
          await expectError(() => choose({ ...others, ...whole, [name]: value }), 'ERR_CONFIG_SOURCE'),
        ).toContain(name)
    },
  )

  it('refuses a token that is none, without repeating it', async () => {
    const env = { ...whole, KEYTURN_TOKEN: 'Bearer kt_x' }
    expect(await expectError(() => choose(env), 'ERR_CONFIG_SOURCE')).not.toContain('kt_x')
  })

  it('refuses plain HTTP off this machine without KEYTURN_INSECURE_HTTP=1', async () => {
    const env = { ...whole, KEYTURN_URL: 'http://hub.example' }
    for (const KEYTURN_INSECURE_HTTP of [undefined, '', '0', 'true'])
      await expectError(() => choose({ ...env, KEYTURN_INSECURE_HTTP }), 'ERR_HUB_PLAIN_HTTP')
    expect(choose({ ...env, KEYTURN_INSECURE_HTTP: '1' }).kind).toBe('live')
  })

  it('keeps a snapshot only where KEYTURN_SNAPSHOT names one', () => {
    expect(choose(whole)).not.toHaveProperty('snapshot')
    expect(choose({ ...whole, KEYTURN_SNAPSHOT: '' })).not.toHaveProperty('snapshot')
    expect(choose({ ...whole, KEYTURN_SNAPSHOT: 'ring.snapshot' })).toHaveProperty('snapshot')
  })

  it.each(['KEYTURN_TOKEN_FILE', 'CREDENTIALS_DIRECTORY'])(
    'reads the token from the file of %s',
    async name => {
      const double = await hubDouble(firstRing())
      const folder = temporaryFolder()
      const file = join(folder, 'KEYTURN_TOKEN')
      writeFileSync(file, `${double.token}\n`)
      const { KEYTURN_TOKEN: _, ...rest } = whole
      const source = choose({
        ...rest,
        KEYTURN_URL: double.url,
        [name]: name === 'KEYTURN_TOKEN_FILE' ? file : folder,
      })
      if (source.kind !== 'live') throw new Error('a hub is live')
      expect((await source.store.read())?.document.ring).toBe(ringName)
    },
  )
})
