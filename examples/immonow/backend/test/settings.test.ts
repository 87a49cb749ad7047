import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

import { defaultSettings, readSettings } from '../src/settings.ts'
import { temporaryFolder } from './temporary-database.ts'

/** Whether the web front end is built is not what most of these tests are about. */
const noSite = { SITE_FOLDER: 'none' }

describe('readSettings', () => {
  it('has a default for everything', () => {
    expect(readSettings(noSite)).toEqual({ settings: defaultSettings, problems: [] })
    expect(readSettings({ ...noSite, PORT: '', HOST: ' ' }).settings).toEqual(defaultSettings)
  })

  it('takes what it is told', () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'index.html'), '')
    const { settings, problems } = readSettings({
      HOST: '::',
      PORT: '0',
      DATABASE_FILE: '/var/lib/immonow/immonow.sqlite',
      ACCESS_TOKEN_SECONDS: '60',
      COOKIE_SECURE: 'TRUE',
      TRUST_PROXY: '127.0.0.1, 10.0.0.0/8, fd00::/8, loopback',
      SITE_FOLDER: folder,
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
      siteFolder: folder,
      logLevel: 'warn',
    })
  })

  it('serves the web front end beside it when that is built', () => {
    const built = fileURLToPath(new URL('../../web/dist', import.meta.url))
    const { settings, problems } = readSettings({ SITE_FOLDER: ' ' })
    expect(settings.siteFolder).toBe(existsSync(join(built, 'index.html')) ? built : undefined)
    expect(problems).toEqual([])
    expect(readSettings({ SITE_FOLDER: temporaryFolder() }).problems).toEqual([
      'SITE_FOLDER must be a folder with an index.html, or none',
    ])
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
    expect(names).toHaveLength(8)
    for (const name of names) expect(example).toMatch(new RegExp(`^#?${name}=`, 'm'))
  })
})
