import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkSecret, kidOf } from 'keyturn'
import { describe, expect, it } from 'vitest'
import { keyturn } from '../../../test/support/cli.ts'
import { expectNoSecret, makeFolder } from './folder.ts'

const bin = fileURLToPath(new URL('../../keyturn/bin/keyturn.js', import.meta.url))

describe('keyturn generate', () => {
  it("prints the secret alone on standard output, and the guide's rules on standard error", async () => {
    const { code, stdout, stderr } = await keyturn(['generate'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^[\w-]{64}\n$/)
    expect(checkSecret(stdout.trim(), { strict: true }).findings).toEqual([])
    for (const rule of [/never commit/i, /one secret per environment/i, /secure channel/i, /24 to 48 hours/])
      expect(stderr).toMatch(rule)
    expect(stderr).toMatch(/development monthly, staging quarterly, production every six months/)
    expect(stderr).not.toContain(stdout.trim())
  })

  it('says nothing else with --quiet, under its other name too', async () => {
    expect(await keyturn(['generate-jwt-secret', '-q', '--length', '1024'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^[\w-]{1024}\n$/) as string,
      stderr: '',
    })
  })

  it('refuses lengths that are not digits from 64 to 1,024, with the reason', async () => {
    for (const length of [
      '63',
      '1025',
      '0',
      '-64',
      '64.0',
      '6e1',
      '0x40',
      '',
      ' 64',
      '٦٤',
      '9'.repeat(400),
    ]) {
      const { code, stdout, stderr } = await keyturn(['generate', `--length=${length}`])
      expect([code, stdout], length).toEqual([2, ''])
      expect(stderr, length).toMatch(/64 to 1,024/)
    }
  })

  it('writes each format, with the name of the variable', async () => {
    const run = async (...args: string[]): Promise<string> =>
      (await keyturn(['generate', '-q', ...args])).stdout
    expect(await run('--format', 'raw')).toMatch(/^[\w-]{64}\n$/)
    expect(await run('--format', 'env')).toMatch(/^JWT_SECRET_KEY=[\w-]{64}\n$/)
    const shell = await run('--format', 'shell', '--name', 'APP_SECRET')
    const seen = execFileSync('sh', ['-c', `${shell}sh -c 'printf %s "$APP_SECRET"'`], { encoding: 'utf8' })
    expect(shell).toContain(`'${seen}'`)
    const document = JSON.parse(await run('--format', 'json')) as Record<string, string>
    expect(Object.keys(document)[0]).toBe('schema')
    expect(document).toMatchObject({
      name: 'JWT_SECRET_KEY',
      length: 64,
      kid: kidOf(document['secret'] ?? ''),
    })
    expect(Object.keys(JSON.parse(await run('--json')) as object)).toEqual(Object.keys(document))
  })

  it('makes as many as are asked for: one on each line, or one JSON array', async () => {
    const lines = (await keyturn(['generate', '-q', '--count', '1500'])).stdout.trimEnd().split('\n')
    expect(new Set(lines).size).toBe(1500)
    const array = JSON.parse((await keyturn(['generate', '--json', '--count', '501'])).stdout) as unknown[]
    expect(array).toHaveLength(501)
    for (const count of ['0', '100001', '1e3', '-1'])
      expect(await keyturn(['generate', `--count=${count}`])).toMatchObject({ code: 2, stdout: '' })
  })

  it('refuses names that a shell would take apart, unknown formats, and what contradicts itself', async () => {
    for (const args of [
      ['--name', 'A;id'],
      ['--name', '1A'],
      ['--format', 'yaml'],
      ['--json', '--format', 'env'],
      ['--write', '.env', '--count', '2'],
      ['--write', '.env', '--format', 'env'],
      ['extra'],
    ])
      expect(await makeFolder().run(['generate', ...args]), args.join(' ')).toMatchObject({ code: 2 })
  })

  it('ends quietly when nobody reads on', () => {
    const script = `"${process.execPath}" "${bin}" generate -q --count 20000 | head -n 1; echo "\${PIPESTATUS[0]}"`
    const { stdout, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8' })
    expect(stdout).toMatch(/^[\w-]{64}\n0\n$/)
    expect(stderr).toBe('')
  })
})

describe('keyturn generate --write', () => {
  it('makes a .env of mode 0600 and prints no secret', async () => {
    const folder = makeFolder()
    const result = await folder.run(['generate', '--write', '.env'])
    expect(result.code).toBe(0)
    const text = readFileSync(join(folder.path, '.env'), 'utf8')
    const secret = /^JWT_SECRET_KEY=([\w-]{64})\n$/.exec(text)?.[1] ?? ''
    expect(statSync(join(folder.path, '.env')).mode & 0o777).toBe(0o600)
    expect(result.stdout).toContain(kidOf(secret))
    expectNoSecret(result, secret)
  })

  it('keeps every other line byte for byte, and fills an empty variable in its place', async () => {
    const folder = makeFolder({ '.env': '# mine\r\nA="x y" # z\r\nexport JWT_SECRET_KEY=\r\nB=2' })
    expect(await folder.run(['generate', '--write', '.env'])).toMatchObject({ code: 0 })
    expect(readFileSync(join(folder.path, '.env'), 'utf8')).toMatch(
      /^# mine\r\nA="x y" # z\r\nexport JWT_SECRET_KEY=[\w-]{64}\r\nB=2$/,
    )
  })

  it('refuses to replace a key that is there', async () => {
    const text = 'JWT_SECRET_KEY=whatever stands here\n'
    const folder = makeFolder({ '.env': text })
    const refused = await folder.run(['generate', '--write', '.env', '--json'])
    expect(refused).toMatchObject({ code: 6 })
    expect(JSON.parse(refused.stdout)).toMatchObject({ code: 'ERR_FILE_EXISTS' })
    expect(readFileSync(join(folder.path, '.env'), 'utf8')).toBe(text)
    expect(await folder.run(['generate', '--write', '.env', '--name', 'OTHER'])).toMatchObject({ code: 0 })
  })

  it('has one winner among many at once', async () => {
    const folder = makeFolder()
    const all = await Promise.all(
      Array.from({ length: 6 }, () => folder.run(['generate', '-q', '--write', '.env'])),
    )
    expect(all.map(({ code }) => code).sort((one, other) => Number(one) - Number(other))).toEqual([
      0, 6, 6, 6, 6, 6,
    ])
    expect(readFileSync(join(folder.path, '.env'), 'utf8')).toMatch(/^JWT_SECRET_KEY=[\w-]{64}\n$/)
  })

  it('refuses a file that others can read, a folder, and a folder that is not there', async () => {
    const folder = makeFolder({ '.env': 'A=1\n' })
    chmodSync(join(folder.path, '.env'), 0o644)
    expect(await folder.run(['generate', '--write', '.env'])).toMatchObject({ code: 6 })
    expect(await folder.run(['generate', '--write', '.'])).toMatchObject({ code: 2 })
    expect(await folder.run(['generate', '--write', 'gone/.env'])).toMatchObject({ code: 2 })
    expect(existsSync(join(folder.path, 'gone'))).toBe(false)
  })

  it('warns when git would commit the file', async () => {
    const folder = makeFolder()
    folder.git('init', '-q')
    const exposed = await folder.run(['generate', '-q', '--write', '.env'])
    expect(exposed.stderr).toMatch(/not ignored by git/)
    folder.write('.gitignore', '.env\n*.env\n')
    expect(await folder.run(['generate', '-q', '--write', 'b.env'])).toMatchObject({ code: 0, stderr: '' })
  })
})
