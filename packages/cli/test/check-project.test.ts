import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateSecret, kidOf } from 'keyturn'
import { describe, expect, it } from 'vitest'
import { documentOf } from '../../../test/support/cli.ts'
import { rulesIn, type CheckDocument } from './check-document.ts'
import { expectNoSecret, makeFolder } from './folder.ts'
import { makeRing } from './ring-folder.ts'

describe('keyturn check of the project', () => {
  const files = (secret: string): Record<string, string> => ({
    '.env': `JWT_SECRET_KEY=${secret}\n`,
    '.env.example': 'JWT_SECRET_KEY=your-new-64-character-secret-key-here\n',
    'compose.yaml': 'services:\n  backend:\n    environment:\n      JWT_SECRET_KEY: written-into-the-file\n',
    'src/settings.py': `import os\n\nkey = os.getenv('JWT_SECRET_KEY', 'a-default-in-the-code')\n`,
    'src/copied.ts': `// see .env\nexport const key = '${secret}'\n`,
    'k8s/secret.yaml': `data:\n  key: ${Buffer.from(secret).toString('base64')}\n`,
    'node_modules/x/index.js': `const key = '${secret}'\n`,
    'package-lock.json': `{"x":"${secret}"}`,
    'test/a.test.ts': `process.env.JWT_SECRET_KEY = 'only-for-this-test'\n`,
  })
  const expected = [
    'error secret-assigned compose.yaml:4',
    'error secret-assigned src/settings.py:3',
    'error secret-in-file k8s/secret.yaml:2',
    'error secret-in-file src/copied.ts:2',
    'warning secret-assigned test/a.test.ts:1',
  ]

  it('finds secrets in code, compose files and manifests, without git', async () => {
    const secret = generateSecret()
    const result = await makeFolder(files(secret)).run(['check', '--json'])
    expect(result.code).toBe(3)
    expect(rulesIn(result)).toEqual(expected)
    expect(result.stdout).toContain(kidOf(secret))
    expectNoSecret(result, secret, 'written-into-the-file', 'a-default-in-the-code', 'only-for-this-test')
  })

  it('finds them in what git tracks or would commit, and not in what it ignores', async () => {
    const secret = generateSecret()
    const folder = makeFolder({
      ...files(secret),
      'notes.md': `it is ${secret}\n`,
      'log/x.ts': `'${secret}'`,
    })
    folder.write('.gitignore', '.env\nlog/\n')
    folder.git('init', '-q')
    folder.git('add', 'src', 'compose.yaml')
    const result = await folder.run(['check', '--json'])
    expect(rulesIn(result)).toEqual([...expected, 'error secret-in-file notes.md:1'].sort())
  })

  it('finds a secret in the configuration, and one that two environments share', async () => {
    const ring = await makeRing({
      production: {},
      staging: { store: { type: 'env-file', path: 'staging.env' } },
    })
    writeFileSync(join(ring.folder, 'staging.env'), readFileSync(ring.file), { mode: 0o600 })
    const shared = await ring.run(['check', '--json'])
    expect([shared.code, rulesIn(shared)]).toEqual([3, ['error environments-share keyturn.config.json']])
    expect(documentOf<CheckDocument>(shared).findings[0]?.message).toMatch(/production and staging/)
    const secret = generateSecret()
    writeFileSync(
      join(ring.folder, 'keyturn.config.json'),
      JSON.stringify({ application: 'immonow', environments: { production: { jwtSecret: secret } } }),
    )
    const exposed = await ring.run(['check', '--json'])
    expect([exposed.code, rulesIn(exposed)]).toEqual([3, ['error config-secret keyturn.config.json']])
    expectNoSecret(exposed, secret)
  })
})

describe('keyturn check for programs', () => {
  it('prints JSON with rule, severity, message and remedy', async () => {
    const document = documentOf<CheckDocument>(
      await makeFolder().run(['check', '--json'], { env: { JWT_SECRET_KEY: 'x' } }),
    )
    expect(Object.keys(document)[0]).toBe('schema')
    expect(document).toMatchObject({ schema: 'keyturn/check/v1', ok: false, length: 1, valid: false })
    for (const { rule, severity, message, remedy } of document.findings)
      expect([rule, severity, message, remedy]).not.toContain('')
  })

  it('prints SARIF 2.1.0', async () => {
    const folder = makeFolder({ '.env': 'JWT_SECRET_KEY=short\n', 'compose.yaml': '\n\n' })
    appendFileSync(join(folder.path, 'compose.yaml'), 'x:\n  JWT_SECRET_KEY: written-into-the-file\n')
    const result = await folder.run(['check', '--sarif'])
    expect(result.code).toBe(3)
    const log = documentOf<{
      version: string
      runs: {
        tool: { driver: { name: string; rules: { id: string; shortDescription: { text: string } }[] } }
        results: {
          ruleId: string
          ruleIndex: number
          level: string
          message: { text: string }
          locations?: {
            physicalLocation: { artifactLocation: { uri: string }; region?: { startLine: number } }
          }[]
        }[]
      }[]
    }>(result)
    expect(log.version).toBe('2.1.0')
    const [run] = log.runs
    expect(run?.tool.driver.name).toBe('keyturn')
    for (const { ruleId, ruleIndex, level, message } of run?.results ?? []) {
      expect(run?.tool.driver.rules[ruleIndex]?.id).toBe(ruleId)
      expect(['error', 'warning']).toContain(level)
      expect(message.text).not.toBe('')
    }
    const assigned = run?.results.find(({ ruleId }) => ruleId === 'secret-assigned')
    expect(assigned?.locations?.[0]?.physicalLocation).toEqual({
      artifactLocation: { uri: 'compose.yaml' },
      region: { startLine: 4 },
    })
  })

  it('refuses two shapes at once', async () => {
    expect(await makeFolder().run(['check', '--json', '--sarif'])).toMatchObject({ code: 2 })
  })
})
