import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { ProcessIdentity } from './ports/lease-board.ts'
import { isProvedDead, thisProcess } from './process-identity.ts'

const isLinux = existsSync('/proc/self/stat')

/** A child that lives until the test ends. */
function livingChild(command: string, ...args: string[]): ChildProcess {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** The identity that a process of that pid has now. */
function identityOf(pid: number): ProcessIdentity {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  return { ...thisProcess(), pid, start }
}

async function deadChild(): Promise<ProcessIdentity> {
  const child = livingChild('sleep', '60')
  const identity = identityOf(child.pid ?? 0)
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
  return identity
}

describe('thisProcess', () => {
  it('names host, pid and what tells them apart', () => {
    const own = thisProcess()
    expect(own.pid).toBe(process.pid)
    expect(own.host).not.toBe('')
    expect(thisProcess()).toEqual(own)
  })

  it.runIf(isLinux)('names boot, namespace and start time', () => {
    const own = thisProcess()
    expect(own.boot).toMatch(/^[0-9a-f-]{36}$/)
    expect(own.namespace).toMatch(/^pid:\[\d+\]$/)
    expect(own.start).toMatch(/^\d+$/)
    expect(identityOf(process.pid)).toEqual(own)
  })
})

describe.runIf(isLinux)('isProvedDead', () => {
  it('is false for a living process', () => {
    expect(isProvedDead(thisProcess())).toBe(false)
    expect(isProvedDead(identityOf(livingChild('sleep', '60').pid ?? 0))).toBe(false)
    expect(isProvedDead(identityOf(1))).toBe(false)
  })

  it('is false for a stopped process', () => {
    const child = livingChild('sleep', '60')
    const identity = identityOf(child.pid ?? 0)
    child.kill('SIGSTOP')
    expect(isProvedDead(identity)).toBe(false)
  })

  it('is true for a process that ended', async () => {
    expect(isProvedDead(await deadChild())).toBe(true)
  })

  it('is true when another process has the pid', () => {
    expect(isProvedDead({ ...thisProcess(), start: '1' })).toBe(true)
  })

  it('is true for a zombie: it has ended, and its parent has not noticed', async () => {
    // The child that sleeps adopts the one that ended, and never waits for it.
    const parent = livingChild('sh', '-c', 'sleep 0.2 & echo $!; exec sleep 60')
    const [chunk] = (await once(parent.stdout as NodeJS.ReadableStream, 'data')) as [Buffer]
    const pid = Number(chunk.toString())
    const identity = identityOf(pid)
    await expect.poll(() => readFileSync(`/proc/${pid}/stat`, 'utf8')).toContain(') Z ')
    expect(isProvedDead(identity)).toBe(true)
  })

  it('is true for a process of this machine from before it booted', () => {
    expect(isProvedDead({ ...thisProcess(), boot: '00000000-0000-0000-0000-000000000000' })).toBe(true)
  })

  it('is false for another machine', async () => {
    const dead = await deadChild()
    const boot = '00000000-0000-0000-0000-000000000000'
    expect(isProvedDead({ ...dead, host: 'elsewhere', boot })).toBe(false)
    expect(isProvedDead({ ...dead, host: 'elsewhere', boot: '' })).toBe(false)
    expect(isProvedDead({ ...dead, boot: '' })).toBe(false)
  })

  it('is false in another process-id namespace, where the pid means nothing', async () => {
    const dead = await deadChild()
    expect(isProvedDead({ ...dead, namespace: 'pid:[1]' })).toBe(false)
    expect(isProvedDead({ ...dead, namespace: '' })).toBe(false)
  })

  it('sees a container with a host name of its own but the same kernel and namespace', async () => {
    expect(isProvedDead({ ...(await deadChild()), host: 'container' })).toBe(true)
    expect(isProvedDead({ ...thisProcess(), host: 'container' })).toBe(false)
  })

  it('is false when the start time is not known and the pid is in use', async () => {
    expect(isProvedDead({ ...thisProcess(), start: '' })).toBe(false)
    expect(isProvedDead({ ...(await deadChild()), start: '' })).toBe(true)
  })
})
