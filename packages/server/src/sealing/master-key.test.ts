import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateSecret } from 'keyturn'
import { describe, expect, it } from 'vitest'
import { expectError } from '../../../keyturn/test/expect-error.ts'
import { temporaryFolder } from '../../../keyturn/test/temporary-folder.ts'
import { isKeyGiven, readMasterKeys, type MasterKeyOptions } from './master-key.ts'

const textsOf = (options: MasterKeyOptions) => readMasterKeys(options).map(key => key.reveal())

describe('readMasterKeys', () => {
  const [key, older, oldest] = [generateSecret(), generateSecret(), generateSecret()]

  it('takes the key and those before it from the environment, or from the files that it names', () => {
    const folder = temporaryFolder()
    const file = join(folder, 'key')
    const previous = join(folder, 'previous')
    writeFileSync(file, `${key}\n`)
    writeFileSync(previous, `${older},${oldest}\n`)
    const direct = { KEYTURN_MASTER_KEY: key, KEYTURN_MASTER_KEY_PREVIOUS: `${older},${oldest}` }
    const named = { KEYTURN_MASTER_KEY_FILE: file, KEYTURN_MASTER_KEY_PREVIOUS_FILE: previous }
    for (const env of [direct, named]) {
      expect(textsOf({ env, isNew: false })).toEqual([key, older, oldest])
      expect(isKeyGiven(env)).toBe(true)
    }
    expect(textsOf({ env: { KEYTURN_MASTER_KEY: key }, folder, isNew: true })).toEqual([key])
    expect(existsSync(join(folder, 'master.key'))).toBe(false)
    expect(isKeyGiven({})).toBe(false)
  })

  it('makes master.key in a new data folder, for its owner alone, and keeps it', () => {
    const folder = temporaryFolder()
    const [first] = textsOf({ env: {}, folder, isNew: true })
    const path = join(folder, 'master.key')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readFileSync(path, 'utf8')).toBe(`${first}\n`)
    expect(textsOf({ env: {}, folder, isNew: false })).toEqual([first])
    expect(textsOf({ env: {}, folder, isNew: true })).toEqual([first])
    expect(textsOf({ env: {}, folder: temporaryFolder(), isNew: true })).not.toEqual([first])
  })

  it('makes no other key where something is sealed already', async () => {
    const folder = temporaryFolder()
    const message = await expectError(
      () => readMasterKeys({ env: {}, folder, isNew: false }),
      'ERR_HUB_MASTER_KEY_MISSING',
    )
    expect(message).toContain(join(folder, 'master.key'))
    expect(existsSync(join(folder, 'master.key'))).toBe(false)
  })

  it.each([0o640, 0o604, 0o660, 0o666])('refuses a master.key of mode %o', async mode => {
    const folder = temporaryFolder()
    const [text = ''] = textsOf({ env: {}, folder, isNew: true })
    chmodSync(join(folder, 'master.key'), mode)
    const message = await expectError(
      () => readMasterKeys({ env: {}, folder, isNew: false }),
      'ERR_HUB_MASTER_KEY',
    )
    expect(message).toContain('chmod 600')
    expect(message).not.toContain(text)
  })

  it('has no key without a folder when the environment has none', async () => {
    for (const env of [{}, { KEYTURN_MASTER_KEY: '', KEYTURN_MASTER_KEY_FILE: '' }])
      await expectError(() => readMasterKeys({ env, isNew: true }), 'ERR_HUB_MASTER_KEY_MISSING')
    const env = { KEYTURN_MASTER_KEY_PREVIOUS: key }
    await expectError(
      () => readMasterKeys({ env: { KEYTURN_MASTER_KEY_FILE: '/nowhere/key', ...env }, isNew: true }),
      'ERR_HUB_MASTER_KEY_MISSING',
    )
  })

  it.each(['changeme', 'a'.repeat(64), 'password'.repeat(10), generateSecret().slice(0, 40)])(
    'refuses a weak key, and does not repeat it: case %#',
    async weak => {
      const folder = temporaryFolder()
      mkdirSync(join(folder, 'data'))
      writeFileSync(join(folder, 'key'), weak)
      writeFileSync(join(folder, 'data/master.key'), weak, { mode: 0o600 })
      const cases: MasterKeyOptions[] = [
        { env: { KEYTURN_MASTER_KEY: weak }, isNew: true },
        { env: { KEYTURN_MASTER_KEY_FILE: join(folder, 'key') }, isNew: true },
        { env: { KEYTURN_MASTER_KEY: key, KEYTURN_MASTER_KEY_PREVIOUS: weak }, isNew: true },
        { env: {}, folder: join(folder, 'data'), isNew: false },
      ]
      for (const options of cases) {
        const message = await expectError(() => readMasterKeys(options), 'ERR_HUB_MASTER_KEY')
        expect(message).not.toContain(weak)
      }
    },
  )
})
