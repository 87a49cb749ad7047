import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { isRunning } from '../../src/process-record.ts'
import { startDemo, temporaryFolder, type RunningDemo } from '../running-demo.ts'

const bin = fileURLToPath(new URL('../../../../../packages/keyturn/bin/keyturn.js', import.meta.url))

/** The second terminal: what the demo says is to be typed there. */
const terminalOf =
  (folder: string, { output }: RunningDemo) =>
  (...args: readonly string[]): Promise<{ stdout: string }> => {
    const env = Object.fromEntries(
      [...output.stdout.matchAll(/^ {2}export (KEYTURN_\w+)=(.+)$/gm)].map(([, name, value]) => [
        name,
        value,
      ]),
    )
    return promisify(execFile)(process.execPath, [bin, ...args], {
      cwd: folder,
      env: { PATH: process.env['PATH'], ...env },
    })
  }

const firstLine = '00:00  '

describe('npm start', () => {
  it('shows one line a second and what a command in a second terminal does to the users', async () => {
    const folder = temporaryFolder()
    const demo = startDemo(folder, '--users', '3')
    await demo.until(firstLine)
    expect(demo.output.stdout).toMatch(/0 refused {2}3 signed in {2}key [\w-]{16} {2}generation 1 1 1$/m)

    const keyturn = terminalOf(folder, demo)
    await keyturn('rotate', '--reason', 'trying it out')
    await demo.until('nobody was signed out')
    expect(demo.output.stdout).toMatch(/ 0 refused {2}3 signed in {2}key [\w-]{16} {2}generation 3 3 3$/m)

    await keyturn('rotate', '--mode', 'hard', '--reason', 'trying it out')
    await demo.until('reason expired); all logged in again')
    // Somebody who happens to log in at that very moment is not refused; that every old token and session dies is
    // shown by the tour, which keeps them.
    expect(demo.output.stdout).toMatch(
      /signed out: [1-6] \("Token expired", reason expired\); all logged in again/,
    )

    await keyturn('rollback', '--reason', 'trying it out')
    await demo.until('work again; who logged in meanwhile stays signed in')

    await keyturn('emergency', '--reason', 'trying it out', '--confirm', 'immonow/demo')
    await demo.until('reason security); all logged in again')
    await demo.until('generation 8 8 8')
  })

  it('stops the hub and the backends and removes .demo on SIGINT and on SIGTERM', async () => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      const folder = temporaryFolder()
      const demo = startDemo(folder, '--users', '1')
      await demo.until(firstLine)
      const { processes } = demo.claim()
      expect(processes.filter(isRunning)).toHaveLength(4)
      demo.child.kill(signal)
      expect(await demo.exit).toBe(0)
      expect(processes.filter(isRunning)).toEqual([])
      expect(existsSync(join(folder, '.demo'))).toBe(false)
    }
  })

  it('stops in the middle of its start, and leaves nothing', async () => {
    const folder = temporaryFolder()
    const demo = startDemo(folder, '--users', '30')
    await demo.until('a hub, with')
    demo.child.kill('SIGINT')
    expect(await demo.exit).toBe(0)
    expect(existsSync(join(folder, '.demo'))).toBe(false)
  })

  it('refuses to start where a demo runs, and leaves that one alone', async () => {
    const folder = temporaryFolder()
    const first = startDemo(folder, '--users', '1')
    await first.until(firstLine)
    const second = startDemo(folder)
    expect(await second.exit).toBe(1)
    expect(second.output.stderr).toContain(`a demo runs here already: process ${first.child.pid},`)
    expect(first.claim().processes.filter(isRunning)).toHaveLength(4)
    expect(first.child.exitCode).toBeNull()
  })

  it('lets one of several that start at once begin', async () => {
    const folder = temporaryFolder()
    const demos = [1, 2, 3].map(() => startDemo(folder, '--users', '1'))
    const won = await Promise.any(demos.map(demo => demo.until(firstLine).then(() => demo)))
    const others = demos.filter(demo => demo !== won)
    expect(await Promise.all(others.map(demo => demo.exit))).toEqual([1, 1])
    expect(won.claim().demo.pid).toBe(won.child.pid)
    expect(won.claim().processes.filter(isRunning)).toHaveLength(4)
  })

  it('cleans up after a demo that was killed, with the hub and the backends that still run', async () => {
    const folder = temporaryFolder()
    const killed = startDemo(folder, '--users', '1')
    await killed.until(firstLine)
    const { processes } = killed.claim()
    killed.child.kill('SIGKILL')
    expect(await killed.exit).toBeNull()
    expect(processes.filter(isRunning)).toHaveLength(4)

    const next = startDemo(folder, '--users', '1')
    await next.until(firstLine)
    expect(next.output.stdout).toContain('cleaning up after the demo of')
    expect(processes.filter(isRunning)).toEqual([])
    expect(next.claim().processes.filter(isRunning)).toHaveLength(4)
  })

  it('says so and exits 1 when a backend or the hub dies', async () => {
    for (const [index, name] of [
      [2, 'backend 2'],
      [0, 'the hub'],
    ] as const) {
      const folder = temporaryFolder()
      const demo = startDemo(folder, '--users', '1')
      await demo.until(firstLine)
      const { processes } = demo.claim()
      const pid = processes[index]?.pid ?? 0
      process.kill(pid, 'SIGKILL')
      expect(await demo.exit).toBe(1)
      expect(demo.output.stderr).toContain(`${name} (process ${pid}) was ended by SIGKILL`)
      expect(processes.filter(isRunning)).toEqual([])
      expect(existsSync(join(folder, '.demo'))).toBe(false)
    }
  })

  it('touches no folder that it did not make', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, '.demo'))
    writeFileSync(join(folder, '.demo/notes.txt'), 'mine')
    const demo = startDemo(folder)
    expect(await demo.exit).toBe(1)
    expect(demo.output.stderr).toContain('.demo was not made by this demo: move it away')
    expect(readFileSync(join(folder, '.demo/notes.txt'), 'utf8')).toBe('mine')
  })

  it('exits 2 with its usage for an option that it does not know', async () => {
    const demo = startDemo(temporaryFolder(), '--twice')
    expect(await demo.exit).toBe(2)
    expect(demo.output.stderr).toContain('Usage: npm start')
  })
})
