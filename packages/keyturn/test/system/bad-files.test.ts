/** A file that goes bad while an application runs on it: it keeps its ring, says why, and nothing is lost. */
import { mkdirSync, readFileSync, rmSync, rmdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { generateSecret } from '../../src/secret/generate.ts'
import { envFile } from '../../src/stores/env-file.ts'
import { newRingFile, swapNext } from '../ring-file.ts'
import { runWorker, startWorker, type Worker } from './worker-processes.ts'

interface Told {
  readonly event?: string
  readonly code?: string
  readonly generation?: number
  readonly sub?: string
  readonly message?: string
}

const toldBy = (stdout: string): Told[] =>
  stdout
    .split('\n')
    .filter(line => line.startsWith('{'))
    .map(line => JSON.parse(line) as Told)

const refusals = (worker: Worker): (string | undefined)[] =>
  toldBy(worker.stdout())
    .filter(({ event }) => event === 'ring.not-taken')
    .map(({ code }) => code)

/** What the application answers when a user comes with a token from before. */
async function answer(worker: Worker): Promise<Told> {
  const answers = (): Told[] => toldBy(worker.stdout()).filter(({ sub }) => sub !== undefined)
  const before = answers().length
  worker.child.stdin?.write('?\n')
  await expect.poll(() => answers().length, { timeout: 10_000 }).toBeGreaterThan(before)
  return answers().at(-1) ?? {}
}

async function startApplication(path: string): Promise<Worker> {
  const worker = startWorker('start-keyring.js', [path])
  await worker.printed('ready')
  return worker
}

/** What a new application says to the file. */
async function startRefused(path: string): Promise<Told> {
  const { stdout, code, stderr } = await runWorker('start-keyring.js', [path])
  expect(code, stderr).toBe(1)
  return toldBy(stdout).at(-1) ?? {}
}

describe('a running application', () => {
  it('keeps its ring and says why, whatever becomes of the file; a new one does not start', async () => {
    const { path, ring, text } = await newRingFile()
    const good = text()
    const application = await startApplication(path)
    const cut = good.indexOf('JWT_KEYRING=')

    const cases: readonly (readonly [name: string, content: string, running: string, starting: string])[] = [
      ['torn', good.slice(0, -60), 'ERR_RING_INVALID', 'ERR_RING_INVALID'],
      ['empty', '', 'ERR_STORE_MISSING', 'ERR_CONFIG_SECRET_MISSING'],
      ['mangled', good.replace('"epoch":0', '"epoch":"zero"'), 'ERR_RING_INVALID', 'ERR_RING_INVALID'],
      ['too long', `${good}# ${'x'.repeat(1_048_576)}\n`, 'ERR_STORE_INVALID', 'ERR_STORE_INVALID'],
      [
        'cut in the secret',
        good.slice(0, good.indexOf('JWT_SECRET_KEY=') + 40),
        'ERR_RING_REGRESSED',
        'ERR_CONFIG_SECRET_WEAK',
      ],
      [
        'without its secret',
        good.replace(/^JWT_SECRET_KEY=.*\n/m, ''),
        'ERR_STORE_MISSING',
        'ERR_CONFIG_SECRET_MISSING',
      ],
      ['without its keyring', good.slice(0, cut), 'ERR_RING_REGRESSED', ''],
    ]
    for (const [name, content, running, starting] of cases) {
      writeFileSync(path, content)
      await expect.poll(() => refusals(application).at(-1), { timeout: 15_000, message: name }).toBe(running)
      expect(await answer(application)).toMatchObject({ generation: 1, sub: 'user-1' })
      if (starting !== '') expect([name, (await startRefused(path)).code]).toEqual([name, starting])
      // Nobody repaired, moved or emptied it.
      expect(readFileSync(path, 'utf8') === content).toBe(true)
    }

    rmSync(path)
    await expect.poll(() => refusals(application).at(-1), { timeout: 15_000 }).toBe('ERR_STORE_MISSING')
    expect((await startRefused(path)).code).toBe('ERR_CONFIG_SECRET_MISSING')
    mkdirSync(path)
    await expect.poll(() => refusals(application).at(-1), { timeout: 15_000 }).toBe('ERR_STORE_INVALID')
    expect((await startRefused(path)).code).toBe('ERR_STORE_INVALID')
    rmdirSync(path)
    symlinkSync('.env', path)
    await expect.poll(() => refusals(application).at(-1), { timeout: 15_000 }).toBe('ERR_STORE_UNREACHABLE')
    rmSync(path)
    expect(await answer(application)).toMatchObject({ generation: 1, sub: 'user-1' })

    // Once the file is back, so is everything else.
    writeFileSync(path, good, { mode: 0o600 })
    await swapNext(envFile(path), ring)
    await expect.poll(async () => (await answer(application)).generation, { timeout: 15_000 }).toBe(2)
    application.child.stdin?.end()
    expect((await application.ended).code).toBe(0)
  })

  it('keeps its ring when a person edits the file, until it is started again', async () => {
    const { path, text } = await newRingFile()
    const application = await startApplication(path)
    writeFileSync(path, text().replace(/^JWT_SECRET_KEY=.*$/m, `JWT_SECRET_KEY=${generateSecret()}`))
    await expect.poll(() => refusals(application).at(-1), { timeout: 15_000 }).toBe('ERR_RING_EDITED')
    expect(await answer(application)).toMatchObject({ generation: 1, sub: 'user-1' })
  })

  it('never tells a secret, or what the file holds, when it refuses to start', async () => {
    const { path, text, ring } = await newRingFile()
    writeFileSync(path, text().slice(0, -60))
    const { message = '' } = await startRefused(path)
    const [secret] = [...ring.secrets.values()]
    expect(message).toContain('JWT_KEYRING')
    for (const piece of [secret?.reveal().slice(0, 12), ring.document.nonce, '"kid"'])
      expect(message).not.toContain(piece)
  })
})
