import { spawn, type ChildProcess } from 'node:child_process'
import { appendFileSync, chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateSecret, kidOf } from 'keyturn'
import { envFile } from 'keyturn/stores/env-file'
import { describe, expect, it, onTestFinished } from 'vitest'
import { documentOf, type CliResult } from '../../../test/support/cli.ts'
import { expectNoSecret, makeFolder } from './folder.ts'
import { makeRing } from './ring-folder.ts'

interface Document {
  readonly ok: boolean
  readonly sections: readonly {
    readonly heading: string
    readonly items: readonly { readonly standing: string; readonly name: string; readonly message: string }[]
  }[]
  readonly fixed: readonly string[]
}

/** `error names: …` under a heading; what is fine is left out unless asked for. */
function itemsUnder(heading: string, result: CliResult, standing = /error|warning/): readonly string[] {
  const section = documentOf<Document>(result).sections.find(each => each.heading === heading)
  return (section?.items ?? [])
    .filter(each => standing.test(each.standing))
    .map(each => `${each.standing} ${each.name}: ${each.message}`)
}

/** Other tests run processes of their own. */
const withoutStrangers = (items: readonly string[]): readonly string[] =>
  items.filter(item => !item.startsWith('warning others: '))

const start = "Application won't start"
const login = "Users can't log in"
const validation = 'Token validation errors'

describe("keyturn doctor, application won't start", () => {
  it('finds nothing in a ring that was just made', async () => {
    const ring = await makeRing()
    const result = await ring.run(['doctor', '--json'])
    expect(result.code).toBe(0)
    expect(itemsUnder(start, result)).toEqual([])
    expect(documentOf<Document>(result).ok).toBe(true)
    const text = (await ring.run(['doctor'])).stdout
    for (const heading of [start, login, validation]) expect(text).toContain(heading)
  })

  it('finds names that are almost right, when nothing is set', async () => {
    const folder = makeFolder({ '.env': `A=1\nJWT_SERCET_KEY=${generateSecret()}\n` })
    const result = await folder.run(['doctor', '--json'], { env: { JWT_SECRET: 'x', jwt_secret_key: 'x' } })
    expect(result.code).toBe(3)
    const items = itemsUnder(start, result).join('\n')
    expect(items).toMatch(/error source: JWT_SECRET_KEY is not set/)
    expect(items).toMatch(/error names: JWT_SERCET_KEY in \.env:2/)
    expect(items).toMatch(/error names: JWT_SECRET in the environment/)
    expect(items).toMatch(/error names: jwt_secret_key in the environment/)
  })

  it('leaves the names of others alone, when the right one is set', async () => {
    const env = { JWT_SECRET_KEY: generateSecret(), SECRET_KEY: 'of another framework' }
    const fine = await makeFolder().run(['doctor', '--json'], { env })
    expect([fine.code, itemsUnder(start, fine)]).toEqual([0, []])
    const old = await makeFolder().run(['doctor', '--json'], { env: { ...env, JWT_SECRET_KEY_OLD: 'x' } })
    expect(itemsUnder(start, old).join()).toMatch(
      /warning names: JWT_SECRET_KEY_OLD .* JWT_SECRET_KEY_PREVIOUS is/,
    )
  })

  it('finds values that are quoted, cut short, twice there, or read differently', async () => {
    const secret = generateSecret()
    const quoted = await makeFolder().run(['doctor', '--json'], { env: { JWT_SECRET_KEY: `"${secret}"` } })
    expect(itemsUnder(start, quoted).join('\n')).toMatch(/error quotes: JWT_SECRET_KEY in the environment/)

    const folder = makeFolder({ '.env': `JWT_SECRET_KEY=${secret}\n` })
    const cut = await folder.run(['doctor', '--json'], { env: { JWT_SECRET_KEY: secret.slice(0, 40) } })
    expect(itemsUnder(start, cut).join('\n')).toMatch(/error truncated: .*40 of 64 characters/)

    appendFileSync(join(folder.path, '.env'), `JWT_SECRET_KEY=${generateSecret()}\n`)
    const twice = await folder.run(['doctor', '--json'])
    expect(itemsUnder(start, twice).join('\n')).toMatch(
      /error duplicates: .* 2 times in \.env, lines 1 and 2/,
    )

    folder.write('.env', `JWT_SECRET_KEY=${secret}#and-more\nJWT_SECRET_KEY_NEXT=${secret}$HOME\n`)
    const traps = await folder.run(['doctor', '--json'])
    expect(itemsUnder(start, traps).join('\n')).toMatch(/error comment: JWT_SECRET_KEY in \.env:1/)
    expect(itemsUnder(start, traps).join('\n')).toMatch(/error dollar: JWT_SECRET_KEY_NEXT in \.env:2/)
    for (const result of [quoted, cut, twice, traps]) {
      expect(result.code).toBe(3)
      expectNoSecret(result, secret)
    }
  })

  it('finds the newline that echo left in a file', async () => {
    const folder = makeFolder({ secret: `${generateSecret()}\n` })
    const result = await folder.run(['doctor', '--json'], { env: { JWT_SECRET_KEY_FILE: 'secret' } })
    expect(result.code).toBe(0)
    expect(itemsUnder(start, result).join()).toMatch(/warning newline: secret ends with a newline/)
    expect(itemsUnder(start, result, /ok/).join()).toMatch(/JWT_SECRET_KEY comes from the file secret/)
  })

  it('names weaknesses, and a compromised key that was pasted back', async () => {
    const ring = await makeRing()
    const old = /^JWT_SECRET_KEY=(.*)$/m.exec(readFileSync(ring.file, 'utf8'))?.[1] ?? ''
    await ring.run(['emergency', '--reason', 'leak', '--confirm', 'default/default'])
    const text = readFileSync(ring.file, 'utf8')
    writeFileSync(ring.file, text.replace(/^JWT_SECRET_KEY=.*/m, `JWT_SECRET_KEY=${old}`))
    const result = await ring.run(['doctor', '--json'])
    expect(result.code).toBe(3)
    expect(itemsUnder(start, result).join()).toContain(`the key ${kidOf(old)}, which is compromised`)
    const weak = await makeFolder().run(['doctor', '--json'], { env: { JWT_SECRET_KEY: 'changeme' } })
    expect(itemsUnder(start, weak).join()).toMatch(
      /error strength: .*at least 64 .*error strength: .*pattern/,
    )
  })
})

describe("keyturn doctor, users can't log in", () => {
  it('tells what each process really holds', async () => {
    const ring = await makeRing()
    const keyring = await ring.join()
    const before = /^JWT_SECRET_KEY=(.*)$/m.exec(readFileSync(ring.file, 'utf8'))?.[1] ?? ''
    const process = startWith({ JWT_SECRET_KEY: before }, ring.folder)
    const fine = await ring.run(['doctor', '--json'])
    expect([fine.code, withoutStrangers(itemsUnder(login, fine))]).toEqual([0, []])
    expect(itemsUnder(login, fine, /ok/).join()).toContain(`holds generation 1, key ${keyring.activeKid}`)

    expect((await ring.run(['rotate', '--mode', 'hard', '--reason', 'x'])).code).toBe(0)
    const behind = await ring.run(['doctor', '--json'])
    expect(behind.code).toBe(3)
    expect(withoutStrangers(itemsUnder(login, behind))).toEqual([
      expect.stringMatching(
        new RegExp(
          `error process: pid ${process.pid} .*key ${kidOf(before)}, which is suspended, .*before the last`,
        ),
      ),
    ])
    expect(itemsUnder(login, behind, /ok/).join()).toContain('holds generation 3')
    expectNoSecret(behind, before)
  })

  it('finds a process that was not restarted after the value was replaced by hand', async () => {
    const old = generateSecret()
    const folder = makeFolder({ '.env': `JWT_SECRET_KEY=${generateSecret()}\n` })
    const process = startWith({ JWT_SECRET_KEY: old }, folder.path)
    const result = await folder.run(['doctor', '--json'])
    expect(result.code).toBe(3)
    expect(withoutStrangers(itemsUnder(login, result))).toEqual([
      expect.stringMatching(new RegExp(`error process: pid ${process.pid} .*does not know`)),
    ])
  })

  it('warns of an edit by hand that waits for a restart', async () => {
    const ring = await makeRing()
    const text = readFileSync(ring.file, 'utf8')
    writeFileSync(ring.file, text.replace(/^JWT_SECRET_KEY=.*/m, `JWT_SECRET_KEY=${generateSecret()}`))
    const result = await ring.run(['doctor', '--json'])
    expect(itemsUnder(login, result).join()).toMatch(/warning restart: \.env was edited by hand/)
  })
})

describe('keyturn doctor, token validation errors', () => {
  it('finds clocks that are off, and instances that are behind', async () => {
    const ring = await makeRing()
    await ring.join()
    const { leases } = envFile(ring.file)
    const [lease] = await leases.list()
    if (!lease) throw new Error('there is no lease')
    await leases.put({ ...lease, instance: 'other', sentAt: Date.now() + 300_000 })
    const result = await ring.run(['doctor', '--json'])
    expect(result.code).toBe(3)
    const items = itemsUnder(validation, result).join('\n')
    expect(items).toMatch(/error clocks: other is (299|300)\.\d s off/)
    expect(items).toMatch(/error instances: 1 of 2 hold generation 1; behind: other/)
  })

  it('tells text from what it decodes to', async () => {
    const env = { JWT_SECRET_KEY: generateSecret() }
    const plain = await makeFolder().run(['doctor', '--json'], { env })
    expect(itemsUnder(validation, plain, /ok/).join()).toMatch(/64 bytes of the text itself, not the 48/)
    const text = 'quick brown foxes jump over lazy dogs, then sleep until noon'
    const encoded = { JWT_SECRET_KEY: Buffer.from(text).toString('base64') }
    const readable = await makeFolder().run(['doctor', '--json'], { env: encoded })
    expect(itemsUnder(validation, readable).join()).toMatch(/warning encoding: .*base64 of readable text/)
    expectNoSecret(readable, text, encoded.JWT_SECRET_KEY)
  })

  it('names the algorithm, and keys of another', async () => {
    const ring = await makeRing({ production: {} })
    expect(itemsUnder(validation, await ring.run(['doctor', '--json']), /ok/).join()).toContain('HS256')
    await ring.alter(({ keys }) => ({ keys: keys.map(key => ({ ...key, alg: 'HS512' })) }))
    expect(itemsUnder(validation, await ring.run(['doctor', '--json'])).join()).toMatch(
      /warning algorithm: keys of the ring are for HS512; HS256 is expected/,
    )
  })
})

describe('keyturn doctor, surroundings', () => {
  it('makes a file that others can read 0600 with --fix, and nothing else', async () => {
    const ring = await makeRing()
    chmodSync(ring.file, 0o644)
    const text = readFileSync(ring.file, 'utf8')
    expect((await ring.run(['doctor'])).code).toBe(3)
    expect(statSync(ring.file).mode & 0o777).toBe(0o644)
    const fixed = await ring.run(['doctor', '--fix', '--json'])
    expect([fixed.code, documentOf<Document>(fixed).fixed]).toEqual([0, ['.env: mode 0644 is 0600 now']])
    expect(statSync(ring.file).mode & 0o777).toBe(0o600)
    expect(readFileSync(ring.file, 'utf8')).toBe(text)
    chmodSync(ring.file, 0o640)
    await ring.run(['doctor', '--fix'])
    expect(statSync(ring.file).mode & 0o777).toBe(0o640)
  })

  it('warns of a trail that a deployment replaces', async () => {
    const ring = await makeRing({ production: { auditPath: 'releases/7/audit.jsonl' } })
    const result = await ring.run(['doctor', '--json'])
    expect(itemsUnder('Surroundings', result).join()).toMatch(/warning audit: .*a deployment replaces/)
  })

  it('exits 5 when the file that was named is not there', async () => {
    expect(await makeFolder().run(['doctor', '--file', 'gone.env'])).toMatchObject({ code: 5 })
  })
})

/** A process with a fixed environment, as an application in another language would be. */
function startWith(env: Record<string, string>, cwd: string): ChildProcess {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { env, cwd, stdio: 'ignore' })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}
