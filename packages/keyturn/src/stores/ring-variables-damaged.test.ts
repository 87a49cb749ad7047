/** JWT_KEYRING when it is not what Keyturn wrote. */
import { describe, expect, it } from 'vitest'
import { changed, firstRing, freshKey, now, rotatedRing } from '../../test/sample-rings.ts'
import { expectError } from '../../test/expect-error.ts'
import type { Ring } from '../ports/ring-store.ts'
import type { Operation } from '../ring/document.ts'
import { stage } from '../ring/stage.ts'
import { decodeDocument, encodeDocument, ringFrom, variableNames, variablesOf } from './ring-variables.ts'

/** A ring in which every part of a document is present. */
function fullRing(): Ring {
  const ring = rotatedRing(rotatedRing(firstRing(), 'hard'))
  const fresh = freshKey()
  const operation: Operation = {
    id: 'op',
    mode: 'graceful',
    phase: 'gate',
    kid: fresh.key.kid,
    startedAt: now,
    reason: 'a reason',
    grace: 172_800,
    hold: 172_800,
    controller: 'somebody',
  }
  return changed(ring, document => stage(document, fresh.key, { operation }), { fresh })
}

const ring = fullRing()
const text = encodeDocument(ring.document)

type Path = readonly (string | number)[]

/** The text with the value at that path replaced; undefined removes it. */
function damaged(path: Path, value: unknown): string {
  const document = JSON.parse(text) as Record<string | number, unknown>
  let place = document
  for (const step of path.slice(0, -1)) place = place[step] as typeof place
  place[path.at(-1) ?? ''] = value
  return JSON.stringify(document)
}

const refused = (encoded: string): Promise<string> =>
  expectError(() => decodeDocument(encoded, 'JWT_KEYRING'), 'ERR_RING_INVALID')

describe('JWT_KEYRING', () => {
  it('reads as it was written', () => {
    expect(decodeDocument(text, 'JWT_KEYRING')).toEqual(ring.document)
  })

  it('may stand in the quotes that docker run --env-file hands on', () => {
    expect(decodeDocument(`'${text}'`, 'JWT_KEYRING')).toEqual(ring.document)
  })

  it('is refused when it is torn anywhere', async () => {
    for (let length = 1; length < text.length; length += 7) await refused(text.slice(0, length))
    await refused(`'${text.slice(0, 100)}`)
    await refused(text.slice(1))
  })

  it('is refused when it is no JSON, or no record', async () => {
    for (const other of ['x', '{}', '[]', 'null', '1', '"text"', `${text}${text}`, `[${text}]`, `"${text}"`])
      await refused(other)
  })

  it('is refused without any one of its fields, and the message names it', async () => {
    for (const name of Object.keys(ring.document))
      expect(await refused(damaged([name], undefined))).toContain(name)
    for (const name of Object.keys(ring.document.limits))
      expect(await refused(damaged(['limits', name], undefined))).toContain(name)
    for (const name of ['kid', 'state', 'alg', 'createdAt'])
      expect(await refused(damaged(['keys', 0, name], undefined))).toContain(name)
    for (const name of Object.keys(ring.document.operation ?? {}))
      expect(await refused(damaged(['operation', name], undefined))).toContain(name)
    for (const name of Object.keys(ring.document.undo[0] ?? {}))
      expect(await refused(damaged(['undo', 0, name], undefined))).toContain(name)
    for (const name of ['epoch', 'generation', 'at', 'action', 'actor', 'reason', 'prev'])
      expect(await refused(damaged(['audit', name], undefined))).toContain(name)
  })

  it('is refused with a field of another kind', async () => {
    for (const name of Object.keys(ring.document)) {
      for (const value of [true, 1.5, -1, {}, 'x y', ['x']]) {
        if (typeof value === 'string' && ['ring', 'nonce', 'parent'].includes(name)) continue
        await refused(damaged([name], value))
      }
    }
    await refused(damaged(['v'], 2))
    await refused(damaged(['keys', 0, 'state'], 'retired'))
    await refused(damaged(['keys', 0, 'alg'], 'none'))
    await refused(damaged(['keys', 0, 'kid'], 'with a space'))
    await refused(damaged(['keys', 0, 'verifyUntil'], '2030'))
    await refused(damaged(['keys', 0, 'aliases'], 'x'))
    await refused(damaged(['keys', 0, 'bytesLost'], false))
    await refused(damaged(['limits', 'grace'], 1e300))
    await refused(damaged(['operation', 'mode'], 'emergency'))
    await refused(damaged(['undo', 0, 'retiring'], [['kid']]))
  })

  it('is refused when it breaks a rule of every ring', async () => {
    const keys = ring.document.keys
    const activeAt = keys.findIndex(key => key.state === 'active')
    await refused(damaged(['keys', activeAt, 'state'], 'retiring'))
    await refused(damaged(['keys', keys.findIndex(key => key.state === 'retiring'), 'state'], 'active'))
    await refused(damaged(['keys'], []))
    await refused(damaged(['keys', 0, 'kid'], keys[1]?.kid))
    await refused(damaged(['floor'], ring.document.cutoff + 1))
    await refused(damaged(['operation', 'kid'], keys[activeAt]?.kid))
    await refused(damaged(['keys', activeAt, 'legacy'], true))
  })

  it('never shows its contents in the message', async () => {
    const message = await refused(text.slice(0, -5))
    for (const key of ring.document.keys) expect(message).not.toContain(key.kid)
    expect(message).toContain('JWT_KEYRING')
  })

  it('is refused while the secrets beside it are fine', async () => {
    const names = variableNames()
    const values = new Map([...variablesOf(ring, names), [names.keyring, '{"v":1']])
    await expectError(() => ringFrom(name => values.get(name), names), 'ERR_RING_INVALID')
  })
})
