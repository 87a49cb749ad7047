/** hub: answers that are no ring, or not the one asked for. */
import type { ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { expectError } from '../../test/expect-error.ts'
import { hubDouble, sendRing, type HubDouble } from '../../test/hub-double.ts'
import { changed, firstRing, ringName, rotatedRing } from '../../test/sample-rings.ts'
import type { ErrorCode } from '../errors.ts'
import { generateSecret } from '../secret/generate.ts'
import { hub } from './hub.ts'

const sourceOn = ({ url, token }: HubDouble) => hub({ url, ring: ringName, token })

describe('an answer that is no ring', () => {
  const ring = rotatedRing(firstRing(), 'hard')
  const [kid = ''] = ring.document.keys.filter(key => key.state === 'active').map(key => key.kid)
  const [suspended = ''] = ring.document.keys.filter(key => key.state === 'suspended').map(key => key.kid)
  type Change = Parameters<typeof sendRing>[2]

  it.each<readonly [string, ErrorCode, Change]>([
    ['nothing at all', 'ERR_RING_INVALID', () => null],
    ['a list', 'ERR_RING_INVALID', () => []],
    ['no document', 'ERR_RING_INVALID', ({ secrets }) => ({ secrets })],
    ['no secrets', 'ERR_STORE_INVALID', ({ document }) => ({ document })],
    ['a list of secrets', 'ERR_STORE_INVALID', ({ document }) => ({ document, secrets: [] })],
    ['a key without its secret', 'ERR_STORE_INVALID', ({ document }) => ({ document, secrets: {} })],
    ['an empty secret', 'ERR_STORE_INVALID', ({ document }) => ({ document, secrets: { [kid]: '' } })],
    [
      'a secret that is no text',
      'ERR_STORE_INVALID',
      ({ document }) => ({ document, secrets: { [kid]: 7 } }),
    ],
    [
      'a secret that the kid does not name',
      'ERR_STORE_INVALID',
      ({ document }) => ({ document, secrets: { [kid]: generateSecret() } }),
    ],
    [
      'the secret of a suspended key',
      'ERR_STORE_INVALID',
      ({ document, secrets }) => ({ document, secrets: { ...secrets, [suspended]: generateSecret() } }),
    ],
    [
      'a secret of no key',
      'ERR_STORE_INVALID',
      ({ document, secrets }) => ({ document, secrets: { ...secrets, ['__proto__x']: generateSecret() } }),
    ],
    [
      'a document that the ETag does not fit',
      'ERR_STORE_INVALID',
      ({ document, secrets }) => ({ document: { ...(document as object), nonce: 'another' }, secrets }),
    ],
  ])('%s: %s', async (_, code, change) => {
    const double = await hubDouble(ring)
    double.answer = response => sendRing(response, ring, change)
    const message = await expectError(() => sourceOn(double).store.read(), code)
    for (const secret of ring.secrets.values()) expect(message).not.toContain(secret.reveal())
  })

  it.each([
    ['no tag', undefined],
    ['another generation in its tag', (tag: string) => tag.replace('0.3.', '0.4.')],
    ['another epoch in its tag', (tag: string) => tag.replace('0.3.', '1.3.')],
    ['another hash in its tag', (tag: string) => tag.replace(/.{3}"$/, 'abc"')],
    ['a tag without quotes', (tag: string) => tag.slice(1, -1)],
  ])('%s', async (_, change) => {
    const double = await hubDouble(ring)
    let tag = ''
    double.answer = response => {
      const { writeHead } = response
      response.writeHead = function (this: ServerResponse, status: number, headers: { etag: string }) {
        tag = headers.etag
        const { etag, ...rest } = headers
        return writeHead.call(this, status, change ? { ...rest, etag: change(etag) } : rest)
      } as ServerResponse['writeHead']
      sendRing(response, ring)
    }
    await expectError(() => sourceOn(double).store.read(), 'ERR_STORE_INVALID')
    expect(tag).toMatch(/^"0\.3\./)
  })

  it.each([
    ['no JSON', `{"document":{},"secrets":{"a":"${'s'.repeat(64)}"`],
    ['a page', '<html>a proxy</html>'],
    ['empty', ''],
    ['longer than 1 MiB', JSON.stringify('x'.repeat(1_048_576))],
  ])('%s: unreachable', async (_, body) => {
    const double = await hubDouble(ring)
    double.answer = response => void response.writeHead(200, { etag: '"0.1.x"' }).end(body)
    const message = await expectError(() => sourceOn(double).store.read(), 'ERR_STORE_UNREACHABLE')
    expect(message).toContain(double.place)
    expect(message).not.toContain('sss')
  })

  it('another ring than the one asked for', async () => {
    const double = await hubDouble(ring)
    const other = { ...ring, document: { ...ring.document, ring: 'immonow/staging' } }
    double.answer = response => sendRing(response, other)
    const message = await expectError(() => sourceOn(double).store.read(), 'ERR_STORE_INVALID')
    expect(message).toContain('another ring than immonow/test')
  })

  it('304 without a ring to keep: unreachable', async () => {
    const double = await hubDouble(ring)
    double.answer = response => void response.writeHead(304).end()
    await expectError(() => sourceOn(double).store.read(), 'ERR_STORE_UNREACHABLE')
  })

  it('leaves the ring held as it was', async () => {
    const double = await hubDouble(ring)
    const { store } = sourceOn(double)
    const first = await store.read()
    double.answer = response => void response.writeHead(200).end('garbage')
    await expectError(() => store.read(), 'ERR_STORE_UNREACHABLE')
    double.answer = undefined
    expect(await store.read()).toBe(first)
    double.ring = changed(ring, document => ({ ...document, generation: document.generation + 1 }))
    expect((await store.read())?.document.generation).toBe(4)
  })
})
