import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

import { defaultSettings, readSettings } from '../src/settings.ts'

describe('readSettings', () => {
  it('has a default for everything', () => {
    expect(readSettings({})).toEqual({ settings: defaultSettings, problems: [] })
    expect(readSettings({ PORT: '', HOST: ' ' }).settings).toEqual(defaultSettings)
  })

  it('takes what it is told', () => {
    const { settings, problems } = readSettings({
      HOST: '::',
      PORT: '0',
      DATABASE_FILE: '/var/lib/immonow/immonow.sqlite',
      ACCESS_TOKEN_SECONDS: '60',
      COOKIE_SECURE: 'TRUE',
      TRUST_PROXY: '127.0.0.1, 10.0.0.0/8, fd00::/8, loopback',
      LOG_LEVEL: 'warn',
    })
    expect(problems).toEqual([])
    expect(settings).toEqual({
      host: '::',
      port: 0,
      databaseFile: '/var/lib/immonow/immonow.sqlite',
      accessTokenSeconds: 60,
      cookieSecure: true,
      trustProxy: '127.0.0.1, 10.0.0.0/8, fd00::/8, loopback',
      logLevel: 'warn',
    })
  })

  it('names every variable that cannot be used', () => {
    for (const PORT of ['-1', '65536', '80a', '0x50', '1e3', '3.5']) {
      expect(readSettings({ PORT }).problems, PORT).toEqual(['PORT must be a whole number from 0 to 65535'])
    }
    for (const TRUST_PROXY of ['yes', '10.0.0.0/33', '10.0.0.0/8/8', 'loopback/8', '127.0.0.1,']) {
      expect(readSettings({ TRUST_PROXY }).problems, TRUST_PROXY).toEqual([
        expect.stringMatching(/^TRUST_PROXY must be/),
      ])
    }
    expect(readSettings({ ACCESS_TOKEN_SECONDS: '0', LOG_LEVEL: 'loud' }).problems).toHaveLength(2)
  })

  it('reads no variable that .env.example does not explain', () => {
    const source = readFileSync(new URL('../src/settings.ts', import.meta.url), 'utf8')
    const example = readFileSync(new URL('../.env.example', import.meta.url), 'utf8')
    const names = [...source.matchAll(/(?:value|integer|choice)\('([A-Z_]+)'/g)].map(([, name]) => name)
    expect(names).toHaveLength(7)
    for (const name of names) expect(example).toMatch(new RegExp(`^#?${name}=`, 'm'))
  })
})
