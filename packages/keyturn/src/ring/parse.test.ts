/** parseDocument: documents as a store may hand them out, damaged in one place each. */
import { describe, expect, it } from 'vitest'
import { documentOf, key, limits, newKey, now, operationOf } from '../../test/ring-fixtures.ts'
import type { AuditEntry } from './document.ts'
import { parseDocument } from './parse.ts'
import { rollbackPublish, rollbackTarget } from './rollback.ts'

const audit: AuditEntry = {
  v: 1,
  ring: 'immonow/production',
  epoch: 0,
  generation: 10,
  at: '2027-01-15T08:00:00.000Z',
  action: 'rotate.activate',
  actor: 'a test',
  reason: 'a test',
  keys: [['b', 'active', 'retiring']],
  cutoff: 0,
  prev: '',
}
const document = documentOf(
  [
    key('a', 'active', { activatedAt: now, aliases: ['key-1', 'any text'] }),
    key('b', 'suspended', { verifyUntil: now, holdUntil: now + 9, deactivatedAt: now }),
    key('c', 'retiring', { legacy: true, createdAt: null }),
    key('d', 'compromised'),
  ],
  {
    audit,
    undo: [{ generation: 4, mode: 'hard', from: 'b', to: 'a', cutoff: 0, retiring: [['c', now]] }],
  },
)
const whole = rollbackPublish(document, rollbackTarget(document, now), operationOf('b', { mode: 'rollback' }))

const damaged = (path: string, value: unknown): unknown => {
  const copy = JSON.parse(JSON.stringify(whole)) as Record<string, unknown>
  const names = path.split('.')
  const last = names.pop() ?? ''
  const parent = names.reduce<Record<string, unknown>>(
    (at, name) => at[name] as Record<string, unknown>,
    copy,
  )
  if (value === undefined) Reflect.deleteProperty(parent, last)
  else parent[last] = value
  return copy
}

it('takes every document that the verbs make, through JSON and back', () => {
  for (const each of [document, whole]) expect(parseDocument(JSON.parse(JSON.stringify(each)))).toEqual(each)
})

it.each([[null], [undefined], ['{}'], [7], [[]], [{}]])('refuses %j, which is no document', value => {
  expect(() => parseDocument(value)).toThrow(
    expect.objectContaining({ name: 'RingError', code: 'ERR_RING_INVALID' }),
  )
})

describe('a document damaged in one field', () => {
  it.each<readonly [string, unknown]>([
    ['v', 2],
    ['v', undefined],
    ['ring', 7],
    ['epoch', -1],
    ['generation', 1.5],
    ['generation', '10'],
    ['nonce', null],
    ['parent', undefined],
    ['cutoff', -1],
    ['floor', Number.MAX_SAFE_INTEGER + 2],
    ['limits', null],
    ['limits.grace', '48h'],
    ['limits.lease', undefined],
    ['operation', undefined],
    ['operation', 'none'],
    ['operation.mode', 'soft'],
    ['operation.phase', 'drain'],
    ['operation.grace', -1],
    ['operation.former', 'suspended'],
    ['operation.undoes', '1'],
    ['undo', {}],
    ['undo.0.mode', 'emergency'],
    ['undo.0.from', ''],
    ['undo.0.retiring', [['c', 'soon']]],
    ['audit', []],
    ['audit.reason', undefined],
    ['audit.at', 0],
    ['keys', {}],
    ['keys.0.kid', 'a kid'],
    ['keys.0.kid', 'k'.repeat(257)],
    ['keys.0.state', 'destroyed'],
    ['keys.0.alg', 'none'],
    ['keys.0.createdAt', undefined],
    ['keys.0.activatedAt', 'now'],
    ['keys.0.aliases', 'key-1'],
    ['keys.0.aliases', [7]],
    ['keys.2.legacy', false],
    ['keys.1.holdUntil', -9],
  ])('is refused with the name of the field: %s = %j', (path, value) => {
    const [last = ''] = path
      .split('.')
      .filter(name => Number.isNaN(Number(name)))
      .slice(-1)
    expect(() => parseDocument(damaged(path, value))).toThrow(
      expect.objectContaining({
        code: 'ERR_RING_INVALID',
        message: expect.stringContaining(`field ${last}`),
      }),
    )
  })

  it.each<readonly [string, unknown]>([
    ['keys.0.state', 'suspended'],
    ['keys.2.state', 'active'],
    ['keys.2.kid', 'a'],
    ['floor', 9],
    ['operation.kid', 'a'],
    ['keys.0.bytesLost', true],
  ])('is refused where each field is fine and the whole is not: %s = %j', (path, value) => {
    expect(() => parseDocument(damaged(path, value))).toThrow(
      expect.objectContaining({ code: 'ERR_RING_INVALID' }),
    )
  })

  it('never shows a value in the message', () => {
    const secret = 'a-value-that-somebody-pasted-into-the-wrong-place'
    for (const path of ['keys.0.kid', 'keys.0.state', 'operation.mode', 'limits.grace', 'nonce'])
      expect(() => parseDocument(damaged(path, [secret]))).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining(secret) }),
      )
  })
})

it('keeps fields that a later version may add', () => {
  expect(parseDocument(damaged('later', 1))).toMatchObject({ later: 1 })
})

it('takes a fresh ring of one key', () => {
  const fresh = documentOf([{ ...newKey('a'), state: 'active' }], { limits: { ...limits, tolerance: 0 } })
  expect(parseDocument(fresh)).toEqual(fresh)
})
