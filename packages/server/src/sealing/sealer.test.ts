import { describe, expect, it } from 'vitest'
import { expectError } from '../../../keyturn/test/expect-error.ts'
import { generateSecret, Secret } from 'keyturn'
import { Sealer, type SealedPlace } from './sealer.ts'

const place: SealedPlace = {
  ring: 'immonow/production',
  kid: 'kt-1',
  state: 'active',
  generation: 7,
  epoch: 1,
}
const master = () => new Secret(generateSecret())
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

describe('Sealer', () => {
  const key = master()
  const sealer = new Sealer([key])

  it.each(['a secret', '', 'ünï 🔑 日本', 'with\na line\0and more', 'x'.repeat(10_000)])(
    'opens %j as it was sealed',
    text => {
      expect(sealer.open(sealer.seal(new Secret(text), place), place).reveal()).toBe(text)
    },
  )

  it('seals the same secret to another text each time, and never shows it or the master key', () => {
    const secret = new Secret(generateSecret())
    const texts = Array.from({ length: 50 }, () => sealer.seal(secret, place))
    expect(new Set(texts).size).toBe(50)
    expect(new Set(texts.map(text => text.split('.')[2])).size).toBe(50)
    for (const text of texts) {
      expect(text).not.toContain(secret.reveal())
      expect(text).not.toContain(key.reveal().slice(0, 8))
      expect(Buffer.from(text.split('.')[3] ?? '', 'base64url').includes(secret.reveal())).toBe(false)
    }
  })

  it.each<[string, Partial<SealedPlace>]>([
    ['ring', { ring: 'immonow/staging' }],
    ['kid', { kid: 'kt-2' }],
    ['state', { state: 'retiring' }],
    ['generation', { generation: 8 }],
    ['generation', { generation: 6 }],
    ['epoch', { epoch: 0 }],
    ['epoch', { epoch: 2 }],
    ['epoch and generation, swapped', { epoch: 7, generation: 1 }],
    ['border between kid and state', { kid: 'kt-1a', state: 'ctive' }],
  ])('does not open at a place with another %s', async (_, other) => {
    const sealed = sealer.seal(new Secret('a secret'), place)
    const message = await expectError(() => sealer.open(sealed, { ...place, ...other }), 'ERR_HUB_SEAL')
    expect(message).not.toContain('a secret')
  })

  it('does not open what is changed in any character', async () => {
    const sealed = sealer.seal(new Secret('a secret'), place)
    const id = { from: sealed.indexOf('.') + 1, to: sealed.indexOf('.', 3) }
    for (let at = 0; at < sealed.length; at += 1)
      for (const other of [
        'A',
        '_',
        '.',
        '*',
        ' ',
        alphabet[(alphabet.indexOf(sealed[at] ?? '') + 1) % 64] ?? '',
      ]) {
        if (other === sealed[at]) continue
        const changed = sealed.slice(0, at) + other + sealed.slice(at + 1)
        // Another name of a key, or a longer one, is another key, as far as anybody can tell.
        const isOtherKey = at >= id.from && at <= id.to
        await expectError(
          () => sealer.open(changed, place),
          isOtherKey ? 'ERR_HUB_MASTER_KEY' : 'ERR_HUB_SEAL',
        )
      }
  })

  it('does not open what is cut off, or goes on', async () => {
    const sealed = sealer.seal(new Secret('a secret'), place)
    const start = sealed.indexOf('.', 3) + 1
    for (let end = start; end < sealed.length; end += 1)
      await expectError(() => sealer.open(sealed.slice(0, end), place), 'ERR_HUB_SEAL')
    for (const more of ['A', '.', '.A', '=', '\n', ' '])
      await expectError(() => sealer.open(sealed + more, place), 'ERR_HUB_SEAL')
    await expectError(() => sealer.open('', place), 'ERR_HUB_SEAL')
  })

  it('opens with a key before, seals with the first, and knows which it has', async () => {
    const [fresh, stranger] = [master(), new Sealer([master()])]
    const both = new Sealer([fresh, key])
    const old = sealer.seal(new Secret('a secret'), place)
    expect(both.open(old, place).reveal()).toBe('a secret')
    const sealed = both.seal(new Secret('a secret'), place)
    expect(new Sealer([fresh]).open(sealed, place).reveal()).toBe('a secret')
    await expectError(() => sealer.open(sealed, place), 'ERR_HUB_MASTER_KEY')
    await expectError(() => stranger.open(old, place), 'ERR_HUB_MASTER_KEY')
    expect([both.keyId, both.knows(sealer.keyId), both.knows(stranger.keyId)]).toEqual([
      new Sealer([fresh]).keyId,
      true,
      false,
    ])
  })

  it('names a key by eight characters that say nothing of it', () => {
    expect(sealer.keyId).toMatch(/^[\w-]{8}$/)
    expect(key.reveal()).not.toContain(sealer.keyId)
    expect(new Sealer([key]).keyId).toBe(sealer.keyId)
  })
})
