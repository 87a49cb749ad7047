/** No secret of a whole life on the hub leaves by any door but the keyring of an instance. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { generateSecret } from 'keyturn'
import { describe, expect, it } from 'vitest'
import { embeddedPostgres } from '../../../packages/server/test/postgres.ts'
import { hubAnswers, hubOfFile } from '../../support/hub.ts'
import { answers, Visitor } from '../../support/visitor.ts'
import { emptyProject, signedIn, startFleet } from './fleet.ts'
import { contentOf } from './hand-made-instance.ts'

const limits = { maxTokenLife: 600, maxStale: 60, tolerance: 2, grace: 900, hold: 900 }
const server = await embeddedPostgres({ log_statement: 'all' })
const hub = hubOfFile(server)
/** Characters: a piece of a secret this long is a leak. */
const piece = 12

function formsOf(secret: string): readonly string[] {
  const [bytes, decoded] = [Buffer.from(secret), Buffer.from(secret, 'base64url')]
  return [secret, ...[bytes, decoded].flatMap(each => [each.toString('base64'), each.toString('hex')])]
}

/** Names of the texts that hold a piece of a secret; never the text. */
function leaks(secrets: Iterable<string>, texts: Readonly<Record<string, string>>): readonly string[] {
  const pieces = new Set<string>()
  for (const secret of secrets)
    for (const form of formsOf(secret))
      for (let at = 0; at + piece <= form.length; at += 1) pieces.add(form.slice(at, at + piece))
  const found = Object.entries(texts).filter(([, text]) => {
    for (let at = 0; at + piece <= text.length; at += 1)
      if (pieces.has(text.slice(at, at + piece))) return true
    return false
  })
  return found.map(([name]) => name)
}

const filesIn = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name))
      .map(path => [path, readFileSync(path, 'latin1')]),
  )

const processText = (pid: number, what: 'cmdline' | 'environ'): string =>
  readFileSync(`/proc/${pid}/${what}`, 'latin1')

describe.skipIf('cannot' in server)('the secrets of a whole life on the hub', () => {
  it('are in no output, log, answer, argument, environment, database file or snapshot', async () => {
    const ring = await hub().ring(limits)
    const project = emptyProject()
    const env = { KEYTURN_SNAPSHOT: join(project.folder, 'ring.snapshot') }
    const fleet = await startFleet(ring, [hub().url, hub().url], { project, env })
    const secrets = new Set<string>()
    const collect = async (): Promise<void> => {
      for (const secret of Object.values((await contentOf(ring)).secrets)) secrets.add(secret)
    }
    const step = async (path: string, body: object = {}): Promise<void> => {
      await ring.done(path, body)
      await collect()
    }
    await collect()
    const visitor = await signedIn(fleet[0])
    await step('/rotations')
    const imported = generateSecret()
    secrets.add(imported)
    await ring.expect('POST', '/keys', { body: { secret: imported, reason: 'from elsewhere' } })
    await step('/rotations', { force: true })
    await step('/rotations', { mode: 'hard', force: true })
    await step('/rollbacks')
    for (const body of [{ secret: imported }, { secret: generateSecret() }, { token: visitor.token }])
      await hub().ask('POST', '/v1/identify', { body })
    await step('/emergency', { cause: 'compromised' })
    // What is refused quotes nothing either.
    await ring.ask('POST', '/keys', { body: { secret: imported, reason: 'compromised, refused' } })
    await ring.ask('POST', '/keys', { body: { secret: [imported], reason: 'no text' } })
    for (const path of ['', '/fleet', '/audit', '/rotations', '/series']) await ring.expect('GET', path)
    for (const path of ['/v1/rings', '/v1/events', '/v1/operators', '/metrics', '/openapi.json'])
      for (const { url } of hub().replicas) await hub().expect('GET', path, { at: url })
    for (const { url } of fleet)
      for (const token of ['x.y.z', `${visitor.token}x`, imported]) await new Visitor().me(url, token)

    expect(secrets.size).toBeGreaterThan(4)
    const processes = [...fleet, ...hub().replicas]
    const outputs = {
      ...Object.fromEntries(processes.map(({ pid, output }) => [`output of ${pid}`, output()])),
      ...Object.fromEntries(processes.map(({ pid }) => [`arguments of ${pid}`, processText(pid, 'cmdline')])),
    }
    const texts: Record<string, string> = {
      ...outputs,
      ...Object.fromEntries(
        processes.map(({ pid }) => [`environment of ${pid}`, processText(pid, 'environ')]),
      ),
      'answers of the hub': [...hubAnswers]
        .filter(text => !text.includes(`no rotation has the id`))
        .join('\n'),
      'answers of the backends': [...answers.bodies].join('\n'),
      ...filesIn(project.folder),
      ...('data' in server ? filesIn(join(server.data, 'base')) : {}),
      ...('data' in server ? filesIn(join(server.data, 'pg_wal')) : {}),
    }
    expect(Object.keys(texts)).toContain(env.KEYTURN_SNAPSHOT)
    expect(texts['answers of the hub']).toContain('"kid"')
    expect(leaks(secrets, { planted: `x${imported}x` })).toEqual(['planted'])
    expect(leaks(secrets, texts)).toEqual([])
    // Other secrets stand in the environment, and nowhere else; the beginning of a token is its public id.
    const others = [hub().env['KEYTURN_MASTER_KEY'] ?? '', ring.token.slice(-40)]
    expect(leaks(others, { ...outputs, 'answers of the hub': [...hubAnswers].join('\n') })).toEqual([])
  })
})
