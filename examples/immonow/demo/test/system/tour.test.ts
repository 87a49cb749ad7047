import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseEnv } from 'node:util'
import { describe, expect, it } from 'vitest'
import { isRunning } from '../../src/process-record.ts'
import { startDemo, temporaryFolder } from '../running-demo.ts'

/** Every secret that stands in the file now. */
function secretsIn(file: string): string[] {
  if (!existsSync(file)) return []
  return Object.entries(parseEnv(readFileSync(file, 'utf8')))
    .filter(([name]) => name.startsWith('JWT_SECRET_KEY'))
    .flatMap(([, value]) => value?.split(',') ?? [])
    .filter(value => value !== '')
}

const users = 6
const pieceLength = 12

const piecesOf = (secret: string): string[] =>
  Array.from({ length: secret.length - pieceLength + 1 }, (_, start) =>
    secret.slice(start, start + pieceLength),
  )

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
  it('finds every step as the guide says, and shows no secret', async () => {
    const folder = temporaryFolder()
    const demo = startDemo(folder, '--once', '--users', String(users), '--keep')
    const file = join(folder, '.demo/.env')
    const secrets = new Set<string>()
    while (demo.child.exitCode === null && demo.child.signalCode === null) {
      for (const secret of secretsIn(file)) secrets.add(secret)
      await sleep(10)
    }

    expect(demo.output.stderr).toBe('')
    expect(demo.output.stdout).not.toContain('✖')
    expect(demo.output.stdout).toContain('Every step did what the guide says.')
    expect(await demo.exit).toBe(0)
    expectTable(demo.output.stdout)

    // One to begin with, and one for each of graceful, hard and emergency.
    expect(secrets.size).toBe(4)
    const logs = readdirSync(join(folder, '.demo')).filter(name => name.endsWith('.log'))
    expect(logs).toHaveLength(3)
    const texts = [demo.output.stdout, ...logs.map(name => readFileSync(join(folder, '.demo', name), 'utf8'))]
    const shown = [...secrets].flatMap(piecesOf).filter(piece => texts.some(text => text.includes(piece)))
    expect(shown).toHaveLength(0)
    // Nor a token.
    expect(texts.filter(text => text.includes('eyJ'))).toHaveLength(0)
    expect(demo.claim().backends.filter(isRunning)).toEqual([])
  })
})
