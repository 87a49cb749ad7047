import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { expectError } from '../../test/expect-error.ts'
import { rotatedRing, firstRing, stagedRing } from '../../test/sample-rings.ts'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { generateSecret } from '../secret/generate.ts'
import { environment, originOf } from './env.ts'
import { variableNames, variablesOf } from './ring-variables.ts'

const secret = generateSecret()
type Env = Record<string, string | undefined>

const activeIn = (env: Env): string | undefined => {
  const ring = environment({ env }).read()
  const active = ring?.document.keys.find(key => key.state === 'active')
  return active && ring?.secrets.get(active.kid)?.reveal()
}

/** A file with that content in a folder of its own. */
function fileWith(content: string, name = 'JWT_SECRET_KEY'): string {
  const path = join(temporaryFolder(), name)
  writeFileSync(path, content)
  return path
}

describe('environment', () => {
  it('is a fixed source', () => {
    expect(environment({ env: {} })).toMatchObject({ kind: 'fixed', name: 'the environment' })
  })

  it('reads the variable', () => {
    expect(activeIn({ JWT_SECRET_KEY: secret })).toBe(secret)
  })

  it('holds no ring without the variable, or with an empty one', () => {
    expect(environment({ env: {} }).read()).toBeUndefined()
    expect(environment({ env: { JWT_SECRET_KEY: '' } }).read()).toBeUndefined()
    expect(environment({ env: { JWT_SECRET_KEY_FILE: '' } }).read()).toBeUndefined()
    expect(environment({ env: { JWT_SECRET_KEY_FILE: fileWith('') } }).read()).toBeUndefined()
  })

  it('reads a whole ring that Keyturn wrote', () => {
    const ring = stagedRing(rotatedRing(firstRing()))
    const env = Object.fromEntries(variablesOf(ring, variableNames()))
    const found = environment({ env }).read()
    expect(found?.document).toEqual(ring.document)
    expect(found?.edited).toBeUndefined()
  })

  it('reads variables of another name', () => {
    expect(environment({ env: { API_SECRET_KEY: secret }, variable: 'API_SECRET_KEY' }).read()).toBeDefined()
    expect(
      environment({ env: { JWT_SECRET_KEY: secret }, variable: 'API_SECRET_KEY' }).read(),
    ).toBeUndefined()
  })

  it('reads the process environment by default', () => {
    process.env.KEYTURN_TEST_SECRET_KEY = secret
    try {
      expect(environment({ variable: 'KEYTURN_TEST_SECRET_KEY' }).read()).toBeDefined()
    } finally {
      delete process.env.KEYTURN_TEST_SECRET_KEY
    }
  })

  it('refuses a damaged JWT_KEYRING', async () => {
    const env = { JWT_SECRET_KEY: secret, JWT_KEYRING: '{' }
    await expectError(() => environment({ env }).read(), 'ERR_RING_INVALID')
  })
})

describe('a secret in a file', () => {
  it('is read from the path in JWT_SECRET_KEY_FILE', () => {
    expect(activeIn({ JWT_SECRET_KEY_FILE: fileWith(secret) })).toBe(secret)
  })

  it('is read for every variable of the ring', () => {
    const ring = stagedRing(rotatedRing(rotatedRing(firstRing(), 'hard')))
    const env = Object.fromEntries(
      [...variablesOf(ring, variableNames())].flatMap(([name, value]) =>
        value === undefined ? [] : [[`${name}_FILE`, fileWith(`${value}\n`, name)]],
      ),
    )
    const found = environment({ env }).read()
    expect(found?.document).toEqual(ring.document)
    expect(found?.edited).toBeUndefined()
    expect(found?.secrets.size).toBe(4)
  })

  it('may end with one line break, which is not part of it', () => {
    expect(activeIn({ JWT_SECRET_KEY_FILE: fileWith(`${secret}\n`) })).toBe(secret)
    expect(activeIn({ JWT_SECRET_KEY_FILE: fileWith(`${secret}\r\n`) })).toBe(secret)
    expect(activeIn({ JWT_SECRET_KEY_FILE: fileWith(`${secret}\n\n`) })).toBe(`${secret}\n`)
    expect(activeIn({ JWT_SECRET_KEY: `${secret}\n` })).toBe(`${secret}\n`)
  })

  it('is read from the folder of systemd credentials', () => {
    const folder = join(fileWith(`${secret}\n`), '..')
    expect(activeIn({ CREDENTIALS_DIRECTORY: folder })).toBe(secret)
    expect(environment({ env: { CREDENTIALS_DIRECTORY: temporaryFolder() } }).read()).toBeUndefined()
  })

  it('yields to the variable, and a credential to the file that a variable names', () => {
    const other = generateSecret()
    const folder = join(fileWith('a credential'), '..')
    const named = fileWith(secret)
    expect(
      activeIn({ JWT_SECRET_KEY: other, JWT_SECRET_KEY_FILE: named, CREDENTIALS_DIRECTORY: folder }),
    ).toBe(other)
    expect(activeIn({ JWT_SECRET_KEY: '', JWT_SECRET_KEY_FILE: named, CREDENTIALS_DIRECTORY: folder })).toBe(
      secret,
    )
  })

  it('that is not there is told from one that cannot be read', async () => {
    const missing = join(temporaryFolder(), 'nothing')
    const message = await expectError(
      () => environment({ env: { JWT_SECRET_KEY_FILE: missing } }).read(),
      'ERR_STORE_MISSING',
    )
    expect(message).toContain(missing)
    const folder = temporaryFolder()
    expect(
      await expectError(
        () => environment({ env: { JWT_SECRET_KEY_FILE: folder } }).read(),
        'ERR_STORE_DENIED',
      ),
    ).toContain(folder)
    mkdirSync(join(folder, 'JWT_SECRET_KEY'))
    await expectError(
      () => environment({ env: { CREDENTIALS_DIRECTORY: folder } }).read(),
      'ERR_STORE_DENIED',
    )
  })
})

describe('originOf', () => {
  it('says which source won', () => {
    const path = fileWith(secret)
    const folder = join(path, '..')
    expect(originOf('JWT_SECRET_KEY', {})).toBeUndefined()
    expect(originOf('JWT_SECRET_KEY', { JWT_SECRET_KEY: secret })).toEqual({ kind: 'variable' })
    expect(originOf('JWT_SECRET_KEY', { JWT_SECRET_KEY_FILE: '/x' })).toEqual({ kind: 'file', path: '/x' })
    expect(originOf('JWT_SECRET_KEY', { CREDENTIALS_DIRECTORY: folder })).toEqual({ kind: 'file', path })
    expect(originOf('OTHER', { CREDENTIALS_DIRECTORY: folder })).toBeUndefined()
  })
})
