/** secretContract: secrets are kept to the last byte while their keys have bytes, and not a moment longer. */
import { describe, expect, it } from 'vitest'
import { StoreError } from '../../src/errors.ts'
import type { Ring, RingStore } from '../../src/ports/ring-store.ts'
import { emergency } from '../../src/ring/emergency.ts'
import { activeKey } from '../../src/ring/keys.ts'
import { generateSecret } from '../../src/secret/generate.ts'
import { Secret } from '../../src/secret/secret.ts'
import {
  expectHeld,
  firstRing,
  held,
  heldKey,
  nextRing,
  put,
  ringName,
  ringOf,
  sealedNow,
  textsOf,
} from './contract-rings.ts'
import { able, type NewPlace } from './store-place.ts'

const base64 = 'q+7/Zk3dYw1T8mXc5uRv+0oEjHs9gLbN2iPaKfUy6Wt/4DxCzMVhJnQeBrGl1A=='

/** Secrets that people had before: every store keeps them. */
const weakTexts = [
  'correct horse battery staple',
  'commas,,in,it,',
  'p@ss#w0rd $HOME `id` 100%41 \\n',
  "it's mine",
  '{"json": ["secret"]}',
  '  space at both ends  ',
  'pässwörd – 🔑 日本',
]

/** Secrets that some file cannot quote: kept as they are, or refused. */
const worstTexts = ['both \' and "', 'a return\rin it', 'a line\nbreak', 'a NUL\0 in it']

/** What a store cannot keep to the last byte it refuses with words that hold none of it. */
async function keepsOrRefuses(store: RingStore, before: Ring, next: Ring): Promise<void> {
  try {
    await put(store, next, before)
  } catch (error) {
    expect(error).toBeInstanceOf(StoreError)
    expect(error).toMatchObject({ code: 'ERR_STORE_INVALID' })
    for (const [, text] of textsOf(next)) expect((error as Error).message).not.toContain(text)
    return expectHeld(store, before)
  }
  await expectHeld(store, next)
}

export function secretContract(newPlace: NewPlace): void {
  describe('secrets', () => {
    it('a swap keeps secrets in base64, whatever state their keys are in', async () => {
      const { store } = await (await newPlace(ringName)).open()
      const texts = ['', 'b', 'c', 'd', 'e'].map(prefix => prefix + base64)
      const states = ['active', 'staged', 'retiring', 'retiring', 'suspended'] as const
      const keys = states.map((state, index) => heldKey(state, {}, texts[index]))
      await expectHeld(store, await put(store, ringOf(keys)))
    })

    it.each(weakTexts)('a swap keeps the legacy secret %j, retiring or suspended', async text => {
      const { store } = await (await newPlace(ringName)).open()
      const active = heldKey('active')
      const legacyIn = (state: 'retiring' | 'suspended') =>
        heldKey(state, { kid: 'legacy-key-00001', createdAt: null, legacy: true }, text)
      const ring = await put(store, ringOf([active, legacyIn('retiring')]))
      await expectHeld(store, ring)
      const keys = [active[0], legacyIn('suspended')[0]]
      await expectHeld(store, await put(store, nextRing(ring, {}, keys), ring))
    })

    it.each(worstTexts)(
      'a swap keeps the legacy secret %j, or refuses it and changes nothing',
      async text => {
        const { store } = await (await newPlace(ringName)).open()
        const before = await put(store, firstRing())
        const legacy = heldKey('retiring', { kid: 'legacy-key-00001', createdAt: null, legacy: true }, text)
        const { document } = nextRing(before, {}, [...before.document.keys, legacy[0]])
        const next = {
          document,
          secrets: new Map([...before.secrets, ['legacy-key-00001', new Secret(text)]]),
        }
        await keepsOrRefuses(store, before, next)
      },
    )
  })

  it.each(['a comma, SECRET', 'SECRET,', ' SECRET', 'SECRET ', '\tSECRET\t'])(
    'a swap keeps %j, whatever state its key is in, or refuses it',
    async pattern => {
      const { store } = await (await newPlace(ringName)).open()
      await put(store, firstRing())
      for (const state of ['retiring', 'suspended', 'staged', 'active'] as const) {
        const before = await held(store)
        const [key, text] = heldKey(state, {}, pattern.replace('SECRET', generateSecret()))
        const others = before.document.keys.filter(each => each.state === 'active' && state !== 'active')
        const kept = [...before.secrets].filter(([kid]) => others.some(each => each.kid === kid))
        const { document } = nextRing(before, {}, [...others, key])
        const secrets = new Map([...kept, [key.kid, new Secret(text)] as const])
        await keepsOrRefuses(store, before, { document, secrets })
      }
    },
  )

  describe('bytes that a key has no more', () => {
    it('are erased by the swap, even if they are handed over', async () => {
      const place = await newPlace(ringName)
      const { store } = await place.open()
      const [active, lost, kept] = [heldKey('active'), heldKey('suspended'), heldKey('suspended')]
      const ring = await put(store, ringOf([active, lost, kept]))
      const changed = [active[0], { ...lost[0], bytesLost: true as const }, kept[0]]
      const without = await put(store, nextRing(ring, {}, changed), ring)
      const kids = async () => [...(await held((await place.open()).store)).secrets.keys()].sort()
      expect(await kids()).toEqual([active[0].kid, kept[0].kid].sort())

      const fresh = heldKey('active')
      const { createdAt } = fresh[0]
      const document = emergency(without.document, {
        fresh: { kid: fresh[0].kid, alg: 'HS256', createdAt },
        now: createdAt ?? 0,
      })
      const next = {
        document: sealedNow(without.document, document, { action: 'emergency', mode: 'emergency' }),
        secrets: new Map([...ring.secrets, [fresh[0].kid, new Secret(fresh[1])]]),
      }
      await put(store, next, without)
      expect(await kids()).toEqual([activeKey(document).kid])
    })

    it('lie nowhere in the place any more', async context => {
      const place = await newPlace(ringName)
      const atRest = able(context, place.atRest)
      const { store } = await place.open()
      const [active, leaked] = [heldKey('active'), heldKey('suspended')]
      const ring = await put(store, ringOf([active, leaked]))
      const isThere = async ([, text]: typeof active) => (await atRest.bytes()).includes(text)
      // Where nothing is sealed, the search must find what it looks for.
      expect([await isThere(active), await isThere(leaked)]).toEqual([!atRest.isSealed, !atRest.isSealed])
      const dead = { ...leaked[0], state: 'compromised' as const }
      await put(store, nextRing(ring, {}, [active[0], dead]), ring)
      expect(await isThere(leaked)).toBe(false)
      expect(await isThere(active)).toBe(!atRest.isSealed)
    })
  })
}
