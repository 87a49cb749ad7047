/** What a keyring on a hub means for the life of its process. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { hubDouble } from '../hub-double.ts'
import { firstRing, ringName } from '../sample-rings.ts'
import { selfSigned } from '../self-signed.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { startWorker, type Worker, type WorkerOptions } from './worker-processes.ts'

async function follower(tls?: ReturnType<typeof selfSigned>) {
  const double = await hubDouble(firstRing(), tls)
  const tokenFile = join(temporaryFolder(), 'token')
  writeFileSync(tokenFile, double.token)
  const worker = (under?: WorkerOptions['under']): Worker =>
    startWorker('follow-hub.js', [double.url, tokenFile, ringName], { ...(under && { under }) })
  return { double, worker }
}

describe('a process whose ring is at a hub', () => {
  it('ends when it has nothing more to do, although its stream is open', async () => {
    const { double, worker } = await follower()
    const started = worker()
    await started.printed('generation 1')
    await expect.poll(() => double.streams.size, { timeout: 20_000 }).toBe(1)
    started.child.stdin?.write('go\n')
    expect(await started.ended).toMatchObject({ code: 0, stderr: '' })
    await expect.poll(() => double.streams.size, { timeout: 20_000 }).toBe(0)
  })

  it('speaks TLS with a hub that it was told to trust, and ends as well', async () => {
    const tls = selfSigned()
    const { double, worker } = await follower(tls)
    const trusted = join(temporaryFolder(), 'ca.pem')
    writeFileSync(trusted, tls.cert)
    const started = worker(['env', `NODE_EXTRA_CA_CERTS=${trusted}`])
    await started.printed('generation 1')
    await expect.poll(() => double.streams.size, { timeout: 20_000 }).toBe(1)
    started.child.stdin?.write('go\n')
    expect(await started.ended).toMatchObject({ code: 0, stderr: '' })
  })

  it('waits for the hub while it starts, although nothing else keeps it alive', async () => {
    const { double, worker } = await follower()
    let answer = (): void => undefined
    double.answer = response => {
      double.answer = undefined
      answer = () => void response.writeHead(500).end()
    }
    const started = worker()
    started.child.stdin?.end()
    await expect.poll(() => double.received.length, { timeout: 20_000 }).toBe(1)
    // Long enough for a process without work to end.
    await new Promise(resolve => setTimeout(resolve, 500))
    expect(started.child.exitCode).toBeNull()
    answer()
    const { code, stderr } = await started.ended
    expect(stderr).toContain(`the hub at ${double.place} answered 500`)
    expect(code).toBe(1)
  })
})
