import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { expectError } from '../../../test/expect-error.ts'
import { firstRing, legacyRing, ringName, stagedRing } from '../../../test/sample-rings.ts'
import { temporaryFolder } from '../../../test/temporary-folder.ts'
import { Secret } from '../../secret/secret.ts'
import { ringSnapshot, type RingSnapshotOptions } from './ring-snapshot.ts'

function made(path = join(temporaryFolder(), 'ring.snapshot')) {
  const on = (more: Partial<RingSnapshotOptions> = {}) =>
    ringSnapshot({
      path,
      token: () => new Secret('kt_one'),
      url: 'https://hub.example',
      ring: ringName,
      ...more,
    })
  return { path, on, snapshot: on() }
}

/** Where each part of the file begins and ends. */
const parts = { version: [0, 20], salt: [20, 52], nonce: [52, 64], tag: [64, 80], sealed: [80, 120] } as const

describe('a snapshot', () => {
  it.each([
    ['one key', firstRing()],
    ['two keys', stagedRing(firstRing())],
    ['a legacy key', legacyRing('changeme, naïve')],
  ])('gives back what was saved: %s', async (_, ring) => {
    const { on, snapshot } = made()
    await snapshot.save(ring, 1_700_000_000_123)
    const loaded = await on().load()
    expect(loaded).toMatchObject({ confirmedAt: 1_700_000_000_123, ring: { document: ring.document } })
    for (const [kid, secret] of ring.secrets)
      expect(loaded?.ring.secrets.get(kid)?.reveal()).toBe(secret.reveal())
    expect(loaded?.ring.secrets.size).toBe(ring.secrets.size)
  })

  it('is replaced whole by the next, for its owner alone', async () => {
    const { path, snapshot } = made()
    await snapshot.save(firstRing(), 1)
    const { ino } = statSync(path)
    const ring = stagedRing(firstRing())
    await snapshot.save(ring, 2)
    expect(await snapshot.load()).toMatchObject({ confirmedAt: 2, ring: { document: { generation: 2 } } })
    expect(statSync(path).ino).not.toBe(ino)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readdirSync(join(path, '..'))).toEqual(['ring.snapshot'])
  })

  it('holds neither a secret nor a kid in the clear, and never the same bytes twice', async () => {
    const { path, snapshot } = made()
    const ring = firstRing()
    const files = []
    for (let count = 0; count < 2; count += 1) {
      await snapshot.save(ring, 1)
      files.push(readFileSync(path))
    }
    const [first, second] = files.map(file => file.toString('latin1'))
    for (const [kid, secret] of ring.secrets)
      for (const text of [kid, secret.reveal(), 'kt_one', ringName]) expect(first).not.toContain(text)
    for (const [start, end] of [parts.salt, parts.nonce, parts.tag, parts.sealed])
      expect(first?.slice(start, end)).not.toBe(second?.slice(start, end))
  })

  it.each<readonly [string, Partial<RingSnapshotOptions>]>([
    ['token', { token: () => new Secret('kt_two') }],
    ['hub', { url: 'https://hub.example/other' }],
    ['ring', { ring: 'immonow/staging' }],
  ])('is none for another %s', async (_, other) => {
    const { on, snapshot } = made()
    await snapshot.save(firstRing(), 1)
    expect(await on(other).load()).toBeUndefined()
    expect(await on().load()).toBeDefined()
  })

  it.each(Object.entries(parts))('is none when one bit of its %s is another', async (_, [start, end]) => {
    const { path, snapshot } = made()
    await snapshot.save(firstRing(), 1)
    const file = readFileSync(path)
    for (let at = start; at < end; at += 1) {
      const tampered = Buffer.from(file)
      tampered.writeUInt8(tampered.readUInt8(at) ^ (1 << (at % 8)), at)
      writeFileSync(path, tampered)
      expect(await snapshot.load(), `byte ${at}`).toBeUndefined()
    }
    writeFileSync(path, file)
    expect(await snapshot.load()).toBeDefined()
  })

  it('is none when it was cut short, or is not there', async () => {
    const { path, snapshot } = made()
    expect(await snapshot.load()).toBeUndefined()
    await snapshot.save(firstRing(), 1)
    const file = readFileSync(path)
    for (const length of [0, 10, 20, 79, 80, 81, file.length - 1]) {
      writeFileSync(path, file.subarray(0, length))
      expect(await snapshot.load(), `${length} bytes`).toBeUndefined()
    }
    writeFileSync(path, Buffer.concat([file, Buffer.from([0])]))
    expect(await snapshot.load()).toBeUndefined()
  })

  it('is none when its ring is not sound', async () => {
    const { snapshot } = made()
    const ring = firstRing()
    await snapshot.save({ ...ring, secrets: new Map() }, 1)
    expect(await snapshot.load()).toBeUndefined()
    await snapshot.save(ring, Number.NaN)
    expect(await snapshot.load()).toBeUndefined()
  })

  it('is refused when others can read it', async () => {
    const { path, snapshot } = made()
    await snapshot.save(firstRing(), 1)
    for (const mode of [0o640, 0o604, 0o620, 0o644]) {
      chmodSync(path, mode)
      expect(await expectError(() => snapshot.load(), 'ERR_STORE_MODE')).toContain(path)
    }
    chmodSync(path, 0o400)
    expect(await snapshot.load()).toBeDefined()
  })

  it('says when the file cannot be read or written', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'taken'), { mode: 0o700 })
    await expectError(() => made(join(folder, 'taken')).snapshot.load(), 'ERR_STORE_UNREACHABLE')
    const { snapshot } = made(join(folder, 'no', 'folder'))
    await expectError(() => snapshot.save(firstRing(), 1), 'ERR_STORE_UNREACHABLE')
  })
})
