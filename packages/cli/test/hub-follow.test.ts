import { spawn } from 'node:child_process'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { documentOf, type Status } from '../../../test/support/cli.ts'
import { startHub, type RunningHub } from './running-hub.ts'
import { bin } from './door.ts'
import { makeStuckRing } from './stuck-ring.ts'

let hub: RunningHub

beforeAll(async () => {
  hub = await startHub()
})
afterAll(() => hub.stop())

interface Following {
  readonly pid: number | undefined
  /** Resolves when the text stands on standard error. */
  saw(text: string): Promise<void>
  readonly ended: Promise<{ code: number | null; stdout: string; stderr: string }>
}

function follow(ring: string, args: readonly string[]): Following {
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: hub.folder,
    env: {
      PATH: process.env['PATH'],
      KEYTURN_URL: hub.url,
      KEYTURN_TOKEN: hub.admin,
      KEYTURN_RING: ring,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>(resolve =>
    child.on('close', code => resolve({ code, stdout, stderr })),
  )
  return {
    pid: child.pid,
    ended,
    saw: text =>
      new Promise((resolve, reject) => {
        const look = (): void => (stderr.includes(text) ? resolve() : undefined)
        child.stderr.on('data', look)
        child.on('close', () => reject(new Error(`${text} was not said: ${stderr}`)))
        look()
      }),
  }
}

const activeKid = ({ keys }: Status): string | undefined => keys.find(({ state }) => state === 'active')?.kid

it('Ctrl-C leaves a rotation running, and rotate --resume follows it to its end', async () => {
  const ring = 'immonow/interrupted'
  const stuck = await makeStuckRing(hub, ring)
  const first = follow(ring, ['rotate', '--reason', 'x', '--no-fleet'])
  await first.saw('stuck')
  process.kill(first.pid ?? 0, 'SIGINT')
  const { code, stderr } = await first.ended
  expect(code).toBe(130)
  expect(stderr).toMatch(/goes on at 127\.0\.0\.1:\d+, id \S+: keyturn rotate --resume/)
  const second = await hub.run(['rotate', '--reason', 'y'], { env: { KEYTURN_RING: ring } })
  expect(second).toMatchObject({ code: 6 })
  const again = follow(ring, ['rotate', '--resume'])
  await again.saw('stuck')
  await stuck.release()
  const ended = await again.ended
  expect(ended, ended.stderr).toMatchObject({ code: 0 })
  expect(ended.stdout).toContain(`signs ${ring}, generation 3`)
})

it('goes on following when the hub is killed and comes back', async () => {
  const ring = 'immonow/restarted'
  const stuck = await makeStuckRing(hub, ring)
  const before = documentOf<Status>(await hub.run(['status', '--json', '--ring', ring]))
  const following = follow(ring, ['rotate', '--reason', 'x', '--no-fleet'])
  await following.saw('stuck')
  await hub.kill()
  await following.saw('the rotation goes on there, trying again')
  await hub.start()
  await following.saw('answers again')
  await stuck.release()
  const ended = await following.ended
  expect(ended, ended.stderr).toMatchObject({ code: 0 })
  const after = documentOf<Status>(await hub.run(['status', '--json', '--ring', ring]))
  expect(after.operation).toBeNull()
  expect(activeKid(after)).not.toBe(activeKid(before))
})

it('says who keeps the gate shut when the time is up, and changes nothing', async () => {
  const ring = 'immonow/shut'
  await makeStuckRing(hub, ring)
  const shut = await hub.run(['rotate', '--reason', 'x', '--timeout', '1s', '--ring', ring])
  expect(shut).toMatchObject({ code: 7 })
  expect(shut.stderr).toMatch(/nothing was activated: stuck holds generation 1/)
})
