import { describe, expect, it } from 'vitest'
import type { ProcessIdentity } from '../../src/ports/lease-board.ts'
import { isProvedDead, thisProcess } from '../../src/process-identity.ts'
import { inMounts, needNamespaces, needOtherUsers } from './namespaces.ts'
import { startWorker, type Worker, type WorkerOptions } from './worker-processes.ts'

async function startJudge(
  options: WorkerOptions = {},
): Promise<{ judge: Worker; identity: ProcessIdentity }> {
  const judge = startWorker('prove-death.js', [], options)
  await judge.printed('}\n')
  return { judge, identity: JSON.parse(judge.stdout()) as ProcessIdentity }
}

/** What the judge says of the identity. */
async function verdict(judge: Worker, identity: ProcessIdentity): Promise<boolean> {
  const before = judge.stdout().length
  judge.child.stdin?.write(`${JSON.stringify(identity)}\n`)
  await expect.poll(() => judge.stdout().slice(before), { timeout: 10_000 }).toContain('\n')
  return JSON.parse(judge.stdout().slice(before)) as boolean
}

async function ended(worker: Worker): Promise<void> {
  worker.child.kill('SIGKILL')
  await worker.ended
}

describe('isProvedDead, in another process', () => {
  it('tells a living process from a dead one', async () => {
    const { judge } = await startJudge()
    const other = await startJudge()
    expect(await verdict(judge, other.identity)).toBe(false)
    await ended(other.judge)
    expect(await verdict(judge, other.identity)).toBe(true)
  })

  it('tells them apart where /proc hides the processes of other users', async context => {
    needNamespaces(context, 'mounts')
    needOtherUsers(context)
    const hidden = inMounts('mount -t proc -o hidepid=2 proc /proc')
    const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] as const
    const { judge } = await startJudge({ under: [...hidden, ...nobody] })
    const other = await startJudge()
    expect(await verdict(judge, thisProcess())).toBe(false)
    expect(await verdict(judge, other.identity)).toBe(false)
    await ended(other.judge)
    expect(await verdict(judge, other.identity)).toBe(true)
  })

  it('proves nothing across process-id namespaces', async context => {
    needNamespaces(context, 'processes')
    const own = ['unshare', '-p', '-f', '--kill-child', '--mount-proc'] as const
    const { judge, identity } = await startJudge({ under: own })
    const other = await startJudge()
    expect(identity.namespace).not.toBe(thisProcess().namespace)
    expect(await verdict(judge, other.identity)).toBe(false)
    await ended(other.judge)
    expect(await verdict(judge, other.identity)).toBe(false)
    expect(await verdict(judge, identity)).toBe(false)
    await ended(judge)
    expect(isProvedDead(identity)).toBe(false)
  })

  it("is not misled by another namespace's /proc", async context => {
    needNamespaces(context, 'processes')
    // Without --mount-proc the /proc of the machine stays: its numbers are not those of the namespace.
    const foreign = ['unshare', '-p', '-f', '--kill-child'] as const
    const { judge, identity } = await startJudge({ under: foreign })
    expect(identity.pid).toBe(1)
    expect(await verdict(judge, identity)).toBe(false)
    // A pid that is free in the namespace, and the judge's own at a start that the wrong /proc tells of.
    expect(await verdict(judge, { ...identity, pid: 4_000_000, start: '1' })).toBe(true)
    expect(await verdict(judge, { ...identity, start: '1' })).toBe(false)
    expect(await verdict(judge, { ...identity, start: '' })).toBe(false)
  })

  it('sees a process of another user', async context => {
    needOtherUsers(context)
    const { judge, identity } = await startJudge({ uid: 65_534, gid: 65_534 })
    expect(await verdict(judge, thisProcess())).toBe(false)
    expect(isProvedDead(identity)).toBe(false)
    await ended(judge)
    expect(isProvedDead(identity)).toBe(true)
  })
})
