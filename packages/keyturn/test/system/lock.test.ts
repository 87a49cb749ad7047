/** withLock between real processes, some of which die. */
import { randomInt } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { expectError } from '../expect-error.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { thisProcess } from '../../src/process-identity.ts'
import { withLock } from '../../src/stores/env-file/lock.ts'
import { needNamespaces } from './namespaces.ts'
import { startWorker, type Worker } from './worker-processes.ts'

const pause = (milliseconds: number): Promise<void> =>
  new Promise(resolve => setTimeout(resolve, milliseconds))

async function killed(worker: Worker): Promise<void> {
  worker.child.kill('SIGKILL')
  await worker.ended
}

/** A process that holds the lock until it is told or killed. */
async function startHolder(lock: string, under?: readonly [string, ...string[]]): Promise<Worker> {
  const holder = startWorker('hold-lock.js', [lock], under ? { under } : {})
  await holder.printed('held')
  return holder
}

/** A folder for the lock, with nothing else in it. */
function newLock(): { lock: string; base: string; left: () => string[] } {
  const base = temporaryFolder()
  mkdirSync(join(base, 'locks'))
  return { base, lock: join(base, 'locks', 'lock'), left: () => readdirSync(join(base, 'locks')) }
}

describe('withLock, between processes', () => {
  it('loses no update of 64 processes', async () => {
    const { lock, base, left } = newLock()
    const counter = join(base, 'counter')
    writeFileSync(counter, '0')
    const workers = Array.from({ length: 64 }, () => startWorker('increment.js', [lock, counter, '12']))
    const outcomes = await Promise.all(workers.map(worker => worker.ended))
    for (const { code, stderr } of outcomes) expect(code, stderr).toBe(0)
    expect(readFileSync(counter, 'utf8')).toBe(String(64 * 12))
    expect(left()).toEqual([])
  })

  it('takes over from a holder that was killed', async () => {
    const { lock, left } = newLock()
    await killed(await startHolder(lock))
    expect(left()).toContain('lock')
    expect(await withLock(lock, () => 'done')).toBe('done')
    expect(left()).toEqual([])
  })

  it('goes to one of many who wait when the holder is killed', async () => {
    const { lock, base, left } = newLock()
    const counter = join(base, 'counter')
    writeFileSync(counter, '0')
    const holder = await startHolder(lock)
    const waiting = Array.from({ length: 24 }, () => startWorker('increment.js', [lock, counter, '3']))
    await pause(1500)
    await killed(holder)
    const outcomes = await Promise.all(waiting.map(worker => worker.ended))
    for (const { code, stderr } of outcomes) expect(code, stderr).toBe(0)
    expect(readFileSync(counter, 'utf8')).toBe('72')
    expect(left()).toEqual([])
  })

  it('has one winner among those who find it dead at the same moment', async () => {
    const base = temporaryFolder()
    const rounds = 150
    for (let round = 0; round < rounds; round += 1)
      writeFileSync(join(base, `lock-${round}`), JSON.stringify({ ...thisProcess(), start: '1', round }))
    const args = [base, String(rounds), String(Date.now() + 3000), '25']
    const workers = Array.from({ length: 4 }, () => startWorker('race-for-locks.js', args))
    for (const { stdout, stderr } of await Promise.all(workers.map(worker => worker.ended)))
      expect(stdout, stderr).toBe(`inside ${rounds} times\n`)
    expect(readdirSync(base)).toEqual([])
  })

  it('never takes over from a holder that is only stopped', async () => {
    const { lock } = newLock()
    const holder = await startHolder(lock)
    holder.child.kill('SIGSTOP')
    const text = readFileSync(lock, 'utf8')
    const message = await expectError(
      () => withLock(lock, () => 'stolen', { timeout: 1500 }),
      'ERR_STORE_LOCKED',
    )
    expect(message).toContain(`process ${holder.pid} on ${thisProcess().host}`)
    expect(readFileSync(lock, 'utf8')).toBe(text)

    holder.child.kill('SIGCONT')
    holder.child.stdin?.write('release\n')
    expect((await holder.ended).stdout).toContain('released')
    expect(await withLock(lock, () => 'done')).toBe('done')
  })

  it('lets one in at a time while contenders are killed at random', { timeout: 600_000 }, async () => {
    const { lock, base, left } = newLock()
    const start = (): Worker => startWorker('inside-alone.js', [lock, base])
    let living = Array.from({ length: 8 }, start)
    const all = [...living]
    for (let round = 0; round < 60; round += 1) {
      await pause(randomInt(20, 160))
      const victim = living[randomInt(living.length)] as Worker
      await killed(victim)
      const next = start()
      all.push(next)
      living = [...living.filter(worker => worker !== victim), next]
    }
    await Promise.all(living.map(killed))
    const inside = all.reduce((sum, worker) => sum + worker.stdout().split('inside\n').length - 1, 0)
    expect(all.map(worker => worker.stdout()).filter(text => text.includes('collision'))).toEqual([])
    expect(inside).toBeGreaterThan(60)

    // Whatever they left behind, the next one gets in, and a minute later nothing of it is left.
    expect(await withLock(lock, () => 'done')).toBe('done')
    for (const name of left()) utimesSync(join(base, 'locks', name), 0, 0)
    expect(await withLock(lock, () => 'done')).toBe('done')
    expect(left()).toEqual([])
  })

  it('is taken over after a chain of claimers that were killed', async () => {
    const { lock, base, left } = newLock()
    const dead = await startHolder(lock)
    await killed(dead)
    // Each claims what the one before it left, and is killed in the middle of it.
    for (let count = 0; count < 4; count += 1) {
      const claimer = startWorker('die-with-lock.js', [lock, 'lock.claimed'])
      expect((await claimer.ended).signal).toBe('SIGKILL')
    }
    expect(left().filter(name => name.includes('.claim-'))).toHaveLength(4)
    expect((await startWorker('die-with-lock.js', [lock, 'lock.taken-over']).ended).signal).toBe('SIGKILL')
    const counter = join(base, 'counter')
    writeFileSync(counter, '0')
    const waiting = Array.from({ length: 6 }, () => startWorker('increment.js', [lock, counter, '2']))
    for (const { code, stderr } of await Promise.all(waiting.map(worker => worker.ended)))
      expect(code, stderr).toBe(0)
    expect(readFileSync(counter, 'utf8')).toBe('12')
    expect(left()).toEqual([])
  })

  it('never takes over from another process-id namespace, dead or alive', async context => {
    needNamespaces(context, 'processes')
    const { lock } = newLock()
    const holder = await startHolder(lock, ['unshare', '-p', '-f', '--kill-child', '--mount-proc'])
    const text = readFileSync(lock, 'utf8')
    expect(JSON.parse(text)).toMatchObject({ pid: 1 })
    const refused = (): Promise<string> =>
      expectError(() => withLock(lock, () => 'stolen', { timeout: 300 }), 'ERR_STORE_LOCKED')
    await refused()
    await killed(holder)
    await refused()
    expect(readFileSync(lock, 'utf8')).toBe(text)
  })
})
