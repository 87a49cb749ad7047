import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { expectError } from '../../../test/expect-error.ts'
import { temporaryFolder } from '../../../test/temporary-folder.ts'
import { thisProcess } from '../../process-identity.ts'
import { withLock } from './lock.ts'

const newLock = (): string => join(temporaryFolder(), 'lock')
const filesBeside = (path: string): string[] => readdirSync(join(path, '..')).sort()

let nonce = 0
/** What a process wrote into its lock. Without `start: '1'` it is this one, which lives. */
const textOf = (identity: object = {}): string =>
  JSON.stringify({ ...thisProcess(), ...identity, nonce: `nonce-${(nonce += 1)}` })
/** Another process has the pid of this one since. */
const deadText = (): string => textOf({ start: '1' })
/** The claim on the lock, or on the claim, with that text. */
const claimOn = (path: string, text: string): string =>
  `${path}.claim-${createHash('sha256').update(text).digest('hex').slice(0, 24)}`

const refused = (path: string): Promise<string> =>
  expectError(() => withLock(path, () => 'done', { timeout: 100 }), 'ERR_STORE_LOCKED')

describe('withLock', () => {
  it('gives what the action gives, and leaves nothing behind', async () => {
    const path = newLock()
    expect(await withLock(path, () => filesBeside(path).length)).toBeGreaterThan(0)
    expect(filesBeside(path)).toEqual([])
  })

  it('removes a ticket that a killed process never wrote whole, once it is old', async () => {
    const path = newLock()
    for (const [name, text] of [
      ['empty', ''],
      ['torn', deadText().slice(0, 20)],
    ] as const) {
      writeFileSync(`${path}.${name}`, text)
      utimesSync(`${path}.${name}`, 0, 0)
    }
    writeFileSync(`${path}.young`, '')
    expect(await withLock(path, () => 'done')).toBe('done')
    expect(filesBeside(path)).toEqual(['lock.young'])
  })

  it('lets go when the action throws', async () => {
    const path = newLock()
    const error = new Error('a reason of its own')
    await expect(
      withLock(path, () => {
        throw error
      }),
    ).rejects.toBe(error)
    expect(filesBeside(path)).toEqual([])
  })

  it('says who holds it: host, pid and what tells them apart', async () => {
    const path = newLock()
    const text = await withLock(path, () => readFileSync(path, 'utf8'))
    expect(JSON.parse(text)).toMatchObject(thisProcess())
  })

  it('can be read by every user who may look into its folder, whatever the umask', async () => {
    const umask = process.umask(0o077)
    onTestFinished(() => void process.umask(umask))
    const path = newLock()
    expect(await withLock(path, () => statSync(path).mode & 0o777)).toBe(0o644)
  })

  it('is held by one at a time, also within a process', async () => {
    const path = newLock()
    let held = 0
    const once = (): Promise<number> => withLock(path, () => (held += 1))
    const values = await Promise.all(Array.from({ length: 20 }, once))
    expect(values.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
    expect(filesBeside(path)).toEqual([])
  })

  it('waits for a living holder, and then says who it is', async () => {
    const path = newLock()
    const text = textOf()
    writeFileSync(path, text)
    const message = await refused(path)
    expect(message).toContain(`process ${process.pid} on ${thisProcess().host}`)
    expect(filesBeside(path)).toEqual(['lock'])
    expect(readFileSync(path, 'utf8')).toBe(text)
  })

  it('goes on as soon as the holder lets go', async () => {
    const path = newLock()
    const order: string[] = []
    writeFileSync(path, textOf())
    const waiting = withLock(path, () => order.push('action'))
    await new Promise(resolve => setTimeout(resolve, 50))
    order.push('freed')
    rmSync(path)
    await waiting
    expect(order).toEqual(['freed', 'action'])
  })

  it('refuses as a store does where no lock can be made', async () => {
    await expectError(() => withLock(join(newLock(), 'lock'), () => 'done'), 'ERR_STORE_UNREACHABLE')
  })
})

describe('a lock left behind', () => {
  it('is taken over from a dead holder', async () => {
    const path = newLock()
    writeFileSync(path, deadText())
    expect(await withLock(path, () => JSON.parse(readFileSync(path, 'utf8')) as object)).toMatchObject(
      thisProcess(),
    )
    expect(filesBeside(path)).toEqual([])
  })

  it('is not taken over from anyone who is not provably dead', async () => {
    const boot = '00000000-0000-0000-0000-000000000000'
    for (const text of [
      textOf({ host: 'elsewhere', boot, start: '1' }),
      textOf({ namespace: 'pid:[1]', start: '1' }),
      textOf({ start: '' }),
      '',
      'not what a process wrote',
      '{}',
      'null',
      deadText().slice(0, 40),
    ]) {
      const path = newLock()
      writeFileSync(path, text)
      await refused(path)
      expect(readFileSync(path, 'utf8')).toBe(text)
      expect(filesBeside(path)).toEqual(['lock'])
    }
  })

  it('names nobody when the text is not its own', async () => {
    const path = newLock()
    writeFileSync(path, 'something')
    expect(await refused(path)).toContain('an unknown process')
  })

  it('is taken over when a claimer died, and the claimer of that claim, and so on', async () => {
    const path = newLock()
    const texts = Array.from({ length: 6 }, deadText)
    texts.forEach((text, index) => {
      writeFileSync(index === 0 ? path : claimOn(path, texts[index - 1] ?? ''), text)
    })
    expect(await withLock(path, () => 'done')).toBe('done')
    expect(filesBeside(path)).toEqual([])
  })

  it('is left to a living claimer, however long the chain', async () => {
    const path = newLock()
    const texts = [deadText(), deadText(), deadText(), textOf()]
    texts.forEach((text, index) => {
      writeFileSync(index === 0 ? path : claimOn(path, texts[index - 1] ?? ''), text)
    })
    const before = filesBeside(path)
    await refused(path)
    expect(filesBeside(path)).toEqual(before)
    expect(readFileSync(path, 'utf8')).toBe(texts[0])
  })

  it('is taken over although somebody claimed an earlier one', async () => {
    const path = newLock()
    writeFileSync(claimOn(path, deadText()), textOf())
    writeFileSync(path, deadText())
    expect(await withLock(path, () => 'done')).toBe('done')
    expect(existsSync(path)).toBe(false)
  })

  it('is swept up with what killed processes left beside it', async () => {
    const path = newLock()
    const living = `${path}.0123456789ab`
    writeFileSync(living, textOf())
    writeFileSync(path, deadText())
    for (const name of ['a00000000000', 'b00000000000.lock', 'claim-00000000000000000000dead'])
      writeFileSync(`${path}.${name}`, deadText())
    const others = ['audit.jsonl', 'lockfile']
    for (const name of others) writeFileSync(join(path, '..', name), deadText())
    await withLock(path, () => 'done')
    expect(filesBeside(path)).toEqual([...others, 'lock.0123456789ab'].sort())
  })

  it('is swept up a minute later when only those who waited were killed', async () => {
    const path = newLock()
    const minutesAgo = new Date(Date.now() - 120_000)
    for (const name of ['young', 'old', 'living']) {
      writeFileSync(`${path}.${name}`, name === 'living' ? textOf() : deadText())
      if (name !== 'young') utimesSync(`${path}.${name}`, minutesAgo, minutesAgo)
    }
    await withLock(path, () => 'done')
    expect(filesBeside(path)).toEqual(['lock.living', 'lock.young'])
  })
})
