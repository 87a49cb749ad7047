import { spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { temporaryFolder } from '../test/running-demo.ts'
import { DemoError } from './demo-error.ts'
import { DemoFolder } from './demo-folder.ts'
import { isRunning, recordOf } from './process-record.ts'

const silent = (): void => undefined

/** A process that does nothing until it is told to end. */
function sleeper(): number {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child.pid ?? 0
}

/** A folder as a demo leaves it that was killed. */
function leftover(path: string, claim: object): void {
  mkdirSync(path)
  writeFileSync(join(path, 'operator.token'), 'old')
  writeFileSync(
    join(path, 'running.json'),
    JSON.stringify({ startedAt: 'yesterday', processes: [], ...claim }),
  )
}

describe('DemoFolder', () => {
  it('is claimed by one, and removed whole', async () => {
    const path = join(temporaryFolder(), '.demo')
    const folder = await DemoFolder.claim(path, silent)
    await expect(DemoFolder.claim(path, silent)).rejects.toThrow('a demo runs here already')
    expect(statSync(folder.writePrivate('operator.token', 'text')).mode & 0o777).toBe(0o600)
    mkdirSync(folder.file('hub'))
    folder.remove()
    expect(existsSync(path)).toBe(false)
  })

  it('stops the processes that a killed demo left, and nothing else that has their pids now', async () => {
    const path = join(temporaryFolder(), '.demo')
    const left = recordOf(sleeper())
    const stranger = recordOf(sleeper())
    const processes = [left, { ...stranger, start: 'another/1' }]
    leftover(path, { demo: { pid: process.pid, start: 'another/1' }, processes })
    const said: string[] = []
    const folder = await DemoFolder.claim(path, text => said.push(text))
    expect(said).toEqual(['cleaning up after the demo of yesterday, which ended without doing so'])
    expect(isRunning(left)).toBe(false)
    expect(isRunning(stranger)).toBe(true)
    expect(readdirSync(path)).toEqual(['running.json'])
    folder.record(stranger.pid)
    expect(JSON.parse(readFileSync(folder.file('running.json'), 'utf8')).processes).toEqual([stranger])
    folder.remove()
  })

  it('leaves a folder or a link alone that no demo made', async () => {
    const parent = temporaryFolder()
    const path = join(parent, '.demo')
    mkdirSync(join(parent, 'other'))
    writeFileSync(join(parent, 'other/notes'), 'mine')
    await expect(DemoFolder.claim(join(parent, 'other'), silent)).rejects.toThrow(DemoError)
    symlinkSync(join(parent, 'other'), path)
    await expect(DemoFolder.claim(path, silent)).rejects.toThrow('was not made by this demo')
    expect(readdirSync(join(parent, 'other'))).toEqual(['notes'])
  })
})
