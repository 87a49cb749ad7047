import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { isRunning } from '../../src/process-record.ts'
import { startDemo, temporaryFolder, type RunningDemo } from '../running-demo.ts'

const users = 6
const pieceLength = 12

const piecesOf = (secret: string): string[] =>
  Array.from({ length: secret.length - pieceLength + 1 }, (_, start) =>
    secret.slice(start, start + pieceLength),
  )

const read = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '')

/** Every secret that the hub gives its backends now. */
async function secretsAt(hub: string, token: string): Promise<string[]> {
  try {
    const answer = await fetch(`${hub}/v1/rings/immonow%2Fdemo/keyring`, {
      headers: { authorization: `Bearer ${token}` },
    })
    return Object.values(((await answer.json()) as { secrets: Record<string, string> }).secrets)
  } catch {
    // It has ended.
    return []
  }
}

/** What everybody on this machine can see of the processes; empty where there is no /proc. */
function seenOf({ claim }: RunningDemo): string[] {
  return claim().processes.flatMap(({ pid }) =>
    ['cmdline', 'environ'].map(name => {
      try {
        return readFileSync(`/proc/${pid}/${name}`, 'utf8')
      } catch {
        return ''
      }
    }),
  )
}

/** Each step's row: requests, refused, sessions ended and restored are numbers that fit what the step is. */
function expectTable(output: string): void {
  const row = (name: string): number[] => {
    const match = new RegExp(
      `^${name} +(\\d+) +(\\d+) +(\\d+) +(\\d+) +[\\d.]+ s +\\d+ ms +\\d+ +200$`,
      'm',
    ).exec(output)
    expect(match, name).not.toBeNull()
    return match?.slice(1).map(Number) ?? []
  }
  const [, gracefulRefused, gracefulEnded] = row('graceful')
  const [hardRequests = 0, hardRefused = 0, hardEnded = 0, hardRestored] = row('hard')
  const [, rollbackRefused, rollbackEnded, rollbackRestored] = row('rollback')
  const [, emergencyRefused = 0, emergencyEnded = 0, emergencyRestored] = row('emergency')
  expect([gracefulRefused, gracefulEnded]).toEqual([0, 0])
  expect(hardRequests).toBeGreaterThan(hardRefused)
  expect(hardRefused).toBeGreaterThan(0)
  expect(hardEnded).toBeGreaterThanOrEqual(users)
  expect(hardRestored).toBe(0)
  expect([rollbackRefused, rollbackEnded, rollbackRestored]).toEqual([0, 0, hardEnded])
  expect(emergencyRefused).toBeGreaterThan(0)
  expect(emergencyEnded).toBeGreaterThan(users)
  expect(emergencyRestored).toBe(0)
}

describe('npm start -- --once', () => {
  it('finds every step as the guide says, and shows no secret and no token', async () => {
    const folder = temporaryFolder()
    const demo = startDemo(folder, '--once', '--users', String(users), '--keep')
    await demo.until('The tour:')
    const inDemo = (name: string): string => join(folder, '.demo', name)
    const hub = /^ {2}hub +(\S+)/m.exec(demo.output.stdout)?.[1] ?? ''
    const tokens = ['operator.token', 'backends.token'].map(name => read(inDemo(name)))
    const secrets = new Set<string>()
    const seen = new Set<string>()
    while (demo.child.exitCode === null && demo.child.signalCode === null) {
      for (const secret of await secretsAt(hub, tokens[1] ?? '')) secrets.add(secret)
      for (const text of seenOf(demo)) seen.add(text)
      await sleep(50)
    }

    expect(demo.output.stderr).toBe('')
    expect(demo.output.stdout).not.toContain('✖')
    expect(demo.output.stdout).toContain('Every step did what the guide says.')
    expect(await demo.exit).toBe(0)
    expectTable(demo.output.stdout)

    // One to begin with, and one for each of graceful, hard and emergency.
    expect(secrets.size).toBe(4)
    const logs = readdirSync(join(folder, '.demo')).filter(name => name.endsWith('.log'))
    expect(logs).toHaveLength(4)
    const texts = [demo.output.stdout, ...seen, ...logs.map(name => read(inDemo(name)))]
    const hidden = [...secrets, ...tokens, read(inDemo('hub/master.key')).trim()]
    for (const each of hidden) expect(each.length).toBeGreaterThan(40)
    const shown = hidden.flatMap(piecesOf).filter(piece => texts.some(text => text.includes(piece)))
    expect(shown).toHaveLength(0)
    // Nor a user's token, nor the link that the first operator enters by.
    expect(texts.filter(text => /eyJ|setup#/.test(text))).toHaveLength(0)
    for (const name of ['operator.token', 'backends.token', 'hub/master.key', 'hub/keyturn.db'])
      expect(statSync(inDemo(name)).mode & 0o077, name).toBe(0)
    expect(demo.claim().processes.filter(isRunning)).toEqual([])
  })
})
