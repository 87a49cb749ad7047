/** No secret of a whole life leaves by any door but the `.env` file and `generate`. */
import { generateSecret } from 'keyturn'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startBackend, startBackends } from '../support/backends.ts'
import { keyturn, transcript } from '../support/cli.ts'
import { makeProject, paste, ringOf, type Project } from '../support/project.ts'
import { answers, Visitor } from '../support/visitor.ts'

const piece = 12

/** Every 12-character piece of a secret as it is, in base64 and in hex. URL-escaping changes none of its characters. */
function piecesOf(secret: string): Set<string> {
  const bytes = Buffer.from(secret)
  const decoded = Buffer.from(secret, 'base64url')
  const forms = [
    secret,
    bytes.toString('base64'),
    bytes.toString('base64url'),
    bytes.toString('hex'),
    decoded.toString('hex'),
    decoded.toString('base64'),
  ]
  return new Set(
    forms.flatMap(form =>
      Array.from({ length: form.length - piece + 1 }, (_, at) => form.slice(at, at + piece)),
    ),
  )
}

function leaks(secrets: ReadonlySet<string>, texts: Readonly<Record<string, string>>): readonly string[] {
  const pieces = new Set([...secrets].flatMap(secret => [...piecesOf(secret)]))
  const found = Object.entries(texts).filter(([, text]) => {
    for (let at = 0; at + piece <= text.length; at += 1)
      if (pieces.has(text.slice(at, at + piece))) return true
    return false
  })
  // The name of the place, never the text.
  return found.map(([name]) => name)
}

function commandLines(): string {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(name => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'utf8')
      } catch {
        return ''
      }
    })
    .join('\n')
}

function filesBeside(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    entry => entry.isFile() && entry.name !== '.env',
  )
  return Object.fromEntries(
    entries.map(entry => [entry.name, readFileSync(join(entry.parentPath, entry.name), 'latin1')]),
  )
}

describe('the secrets of a whole life', () => {
  it('are in no output, log, answer, argument, child environment or file beside the ring', async () => {
    const project = await makeProject({ maxTokenLife: '15m', afterChange: 'env > child-environment.txt' })
    const secrets = new Set<string>()
    let arguments_ = ''
    const step = async (args: readonly string[], input?: string, on: Project = project): Promise<void> => {
      const running = keyturn(args, {
        cwd: on.folder,
        ...(input !== undefined && { input }),
        env: { JWT_SECRET_KEY: generateSecret() },
      })
      arguments_ += commandLines()
      await running
      for (const secret of (await ringOf(on)).secrets.values()) secrets.add(secret.reveal())
    }
    for (const secret of (await ringOf(project)).secrets.values()) secrets.add(secret.reveal())
    const backends = await startBackends(project, 2)
    const url = backends[0]?.url ?? ''
    const visitor = new Visitor()
    await visitor.register(url)
    await visitor.login(url)
    const flags = ['-e', 'test', '--reason', 'a life', '--timeout', '2s']
    await step(['rotate', ...flags, '--dry-run'])
    await step(['rotate', ...flags])
    // The afterChange command starts no process here, so the first rotation stops at it; the next ones go without.
    const quiet = await makeProject({ maxTokenLife: '15m' })
    const others = await startBackends(quiet, 2)
    const imported = generateSecret()
    secrets.add(imported)
    for (const args of [
      ['key', 'import', '-e', 'test', '--reason', 'from elsewhere'],
      ['rotate', ...flags],
      ['rotate', '--mode', 'hard', ...flags],
      ['status', '-e', 'test'],
      ['status', '--json', '-e', 'test'],
      ['key', 'list', '-e', 'test'],
      ['key', 'identify', '-e', 'test'],
      ['rollback', ...flags],
      ['check', '-e', 'test'],
      ['check', '--json', '-e', 'test'],
      ['doctor', '-e', 'test'],
      ['token', 'self-test', '-e', 'test'],
      ['token', 'inspect'],
      ['audit', 'list', '-e', 'test'],
      ['emergency', '-e', 'test', '--confirm', 'immonow/test', '--reason', 'leak', '--timeout', '2s'],
      ['key', 'import', '-e', 'test', '--reason', 'compromised, refused'],
      ['no-such-command'],
    ])
      await step(args, imported, quiet)
    for (const token of ['x.y.z', visitor.token, `${visitor.token}x`, imported]) {
      for (const { url: each } of [...backends, ...others]) await visitor.me(each, token)
    }
    // A weak secret is refused at the start, and not quoted either.
    const weak = 'correct-horse-battery-staple-secret'
    secrets.add(weak)
    paste(quiet, 'JWT_SECRET_KEY', weak)
    const refused = await startBackend(quiet).then(
      () => 'it started',
      (error: unknown) => String(error),
    )
    writeFileSync(quiet.file, `JWT_SECRET_KEY=${weak}\nJWT_KEYRING={"v":1,"kid":"${imported}"\n`)
    await keyturn(['status', '--file', quiet.file])
    await keyturn(['check', '--file', quiet.file])

    expect(secrets.size).toBeGreaterThan(6)
    const texts: Record<string, string> = {
      transcript: transcript.join('\n'),
      arguments: arguments_ + commandLines(),
      'HTTP answers': [...answers.bodies].join('\n'),
      'weak start': refused,
      ...Object.fromEntries([...backends, ...others].map(({ pid, output }) => [`backend ${pid}`, output()])),
      ...filesBeside(project.folder),
      ...filesBeside(quiet.folder),
    }
    expect(texts['child-environment.txt']).toContain('KEYTURN_GENERATION')
    expect(leaks(secrets, { planted: `x${imported}x` })).toEqual(['planted'])
    expect(leaks(secrets, texts)).toEqual([])
  })
})
