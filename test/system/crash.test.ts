/** kill -9 at every step of every mode: the file always starts, and the next command resumes as recorded. */
import { createKeyring } from 'keyturn'
import { envFile } from 'keyturn/stores/env-file'
import { describe, expect, it } from 'vitest'
import { documentOf, keyturn, statusOf } from '../support/cli.ts'
import { copyOf, makeProject, ringOf, type Project } from '../support/project.ts'

const settings = { maxTokenLife: '15m', maxStale: '1h', tolerance: '1s', grace: '48h' }
const file = [
  'file.before-temporary',
  'file.half-written',
  'file.before-rename',
  'file.after-rename',
  'file.after-sync',
]
const audit = ['audit.before-append', 'audit.half-written']
/** Every point twice: at the first change of the command, and at the second. */
const everyChange = [...file, ...audit, 'store.locked'].flatMap(point => [`${point}:1`, `${point}:2`])
const ofMode: Record<string, readonly string[]> = {
  rotate: [
    'rotate.before-stage',
    'rotate.after-stage',
    'rotate.gate-open',
    'rotate.after-activate',
    'rotate.confirmed',
    ...everyChange,
  ],
  hard: ['rotate.after-stage', 'rotate.gate-open', 'rotate.after-activate', ...everyChange],
  rollback: [
    'rollback.before-publish',
    'rollback.after-publish',
    'rotate.gate-open',
    'rotate.after-activate',
    ...everyChange,
  ],
  emergency: [
    'emergency.before-change',
    'emergency.after-change',
    ...everyChange.filter(point => point.endsWith(':1')),
  ],
}

const commandOf = (mode: string): readonly string[] => {
  const reason = ['--reason', mode]
  if (mode === 'rotate') return ['rotate', ...reason]
  if (mode === 'hard') return ['rotate', '--mode', 'hard', ...reason]
  return mode === 'rollback' ? ['rollback', ...reason] : ['emergency', '--confirm', 'immonow/test', ...reason]
}

/** What must hold after any crash: the file starts, and the trail has each generation once. */
async function expectSound(project: Project): Promise<void> {
  const keyring = await createKeyring({ source: envFile(project.file), lease: false, log: () => undefined })
  const token = keyring.sign({ sub: 'crash' }, { expiresIn: '1m' })
  expect((await keyring.authenticate(token)).payload.sub).toBe('crash')
  await keyring.close()
  const verified = await keyturn(['audit', 'verify', '--json', '--file', project.file])
  expect(verified, verified.stderr).toMatchObject({ code: 0 })
  // A whole chain has no gap and ends where the ring is: with as many entries, it has each of them once.
  const { document } = await ringOf(project)
  expect(documentOf(verified)).toMatchObject({ ok: true, entries: document.generation })
}

/** With an instance that acknowledges: without one the gate stays shut. */
async function rotateHard(project: Project): Promise<void> {
  const member = await createKeyring({ source: envFile(project.file), log: () => undefined })
  const rotated = await keyturn([...commandOf('hard'), '-e', 'test'], { cwd: project.folder })
  await member.close()
  expect(rotated, rotated.stderr).toMatchObject({ code: 0 })
}

describe('the command line killed with -9', () => {
  for (const [mode, points] of Object.entries(ofMode)) {
    it(`leaves a ring that starts and resumes, at every step of ${mode}`, { timeout: 600_000 }, async () => {
      const template = await makeProject(settings)
      if (mode === 'rollback') await rotateHard(template)
      for (const point of points) {
        const project = copyOf(template)
        const member = await createKeyring({ source: envFile(project.file), log: () => undefined })
        const old = member.sign({ sub: 'old' }, { expiresIn: '15m' })
        const args = [...commandOf(mode), '-e', 'test']
        const active = member.activeKid

        const killed = await keyturn(args, { cwd: project.folder, failpoint: point })
        // A command that makes one change has no second one to be killed in.
        if (killed.code === 0) expect(point, killed.stderr).toMatch(/:2$/)
        else expect(killed, `${mode} ${point}: ${killed.stderr}`).toMatchObject({ signal: 'SIGKILL' })
        await expectSound(project)
        const unfinished = (await ringOf(project)).document.operation !== null

        const again = await keyturn(args, { cwd: project.folder })
        const status = await statusOf(project.file)
        expect(status.operation, `${mode} ${point}`).toBeNull()
        if (unfinished) {
          expect(again, `${mode} ${point}: ${again.stderr}`).toMatchObject({ code: 6 })
          expect(again.stderr).toContain('ERR_RING_RESUMED')
        } else {
          // Done before the crash, or done now: graceful rotations and rollbacks are refused a second time.
          expect([0, 6], `${mode} ${point}: ${again.stderr}`).toContain(again.code)
        }
        expect(status.keys.find(key => key.state === 'active')?.kid).not.toBe(active)
        await member.fresh()
        if (mode === 'rotate') await expect(member.authenticate(old)).resolves.toBeDefined()
        if (mode === 'emergency')
          await expect(member.authenticate(old)).rejects.toMatchObject({ code: 'ERR_KEY_COMPROMISED' })
        await member.close()
        await expectSound(project)
      }
    })
  }
})
