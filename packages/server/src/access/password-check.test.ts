import { describe, expect, it } from 'vitest'
import {
  accessHub,
  accessHubs,
  codeOf,
  enrol,
  login,
  ofCode,
  rightPassword as right,
  wrongPassword as wrong,
  type AccessHub,
} from '../../test/access-hub.ts'
import { databaseKinds } from '../../test/temporary-database.ts'

const rowOf = ({ database }: AccessHub, name: string) =>
  database.db
    .selectFrom('operators')
    .select(['failures', 'locked_until'])
    .where('name', '=', name)
    .executeTakeFirstOrThrow()

/** As if the lock had run out. */
const unlock = ({ database }: AccessHub) =>
  database.db.updateTable('operators').set({ locked_until: 0 }).execute()

describe.each(databaseKinds)('PasswordCheck in %s', kind => {
  it('gives the same answer, after the same work, to a wrong password, an unknown name and an unused link', async () => {
    const hub = await accessHub(kind)
    await enrol(hub, 'anna', 'operator')
    await hub.operators.create('bert', 'viewer', 'test')
    const before = hub.passwords.computed
    const errors: unknown[] = []
    for (const name of ['anna', 'nobody', 'bert', '', 'NOT a name'])
      await login(hub, name, wrong).catch((error: unknown) => errors.push(error))
    expect(errors.map(error => JSON.stringify([(error as Error).message, error]))).toEqual(
      Array.from({ length: 5 }, () => JSON.stringify([(errors[0] as Error).message, errors[0]])),
    )
    expect(errors).toEqual(Array.from({ length: 5 }, () => ofCode('ERR_AUTH_CREDENTIALS')))
    expect(hub.passwords.computed - before).toBe(5)
  })

  it('checks five of 50 guesses that come at once, on two replicas, and locks', async () => {
    const [hub, other] = await accessHubs(kind)
    await enrol(hub, 'anna', 'admin')
    const before = hub.passwords.computed + other.passwords.computed
    const codes = await Promise.all(
      Array.from({ length: 50 }, (_, number) =>
        codeOf(login(number % 2 === 0 ? hub : other, 'anna', wrong, `192.0.2.${number + 10}`)),
      ),
    )
    expect(hub.passwords.computed + other.passwords.computed - before).toBe(5)
    expect(codes.filter(code => code === 'ERR_AUTH_CREDENTIALS')).toHaveLength(5)
    expect(codes.filter(code => code === 'ERR_AUTH_LOCKED')).toHaveLength(45)
    await expect(login(hub, 'anna', right)).rejects.toEqual(ofCode('ERR_AUTH_LOCKED'))
    await expect(login(other, 'anna', right)).rejects.toEqual(ofCode('ERR_AUTH_LOCKED'))
  })

  it('locks for a minute, then for twice as long with each guess, for 15 minutes at most', async () => {
    const hub = await accessHub(kind)
    await enrol(hub, 'anna', 'admin')
    for (let guess = 0; guess < 4; guess += 1) await codeOf(login(hub, 'anna', wrong, `192.0.2.${guess}`))
    expect(await rowOf(hub, 'anna')).toMatchObject({ failures: 4, locked_until: 0 })
    for (const minutes of [1, 2, 4, 8, 15, 15]) {
      expect(await codeOf(login(hub, 'anna', wrong, `198.51.100.${minutes}`))).toBe('ERR_AUTH_CREDENTIALS')
      const error: unknown = await login(hub, 'anna', right).catch((each: unknown) => each)
      expect(error).toEqual(ofCode('ERR_AUTH_LOCKED'))
      const { retryAfter } = error as { retryAfter: number }
      expect(retryAfter).toBeGreaterThan(minutes * 60 - 50)
      expect(retryAfter).toBeLessThanOrEqual(minutes * 60)
      await unlock(hub)
    }
  })

  it('begins to count anew after a right password', async () => {
    const hub = await accessHub(kind)
    await enrol(hub, 'anna', 'admin')
    for (let round = 0; round < 2; round += 1) {
      for (let guess = 0; guess < 4; guess += 1)
        expect(await codeOf(login(hub, 'anna', wrong, `192.0.2.${round * 4 + guess}`))).toBe(
          'ERR_AUTH_CREDENTIALS',
        )
      expect(await codeOf(login(hub, 'anna', right))).toBe('let in')
      expect(await rowOf(hub, 'anna')).toMatchObject({ failures: 0, locked_until: 0 })
    }
  })

  it('locks a name that nobody has like any other', async () => {
    const hub = await accessHub(kind)
    for (let guess = 0; guess < 5; guess += 1)
      expect(await codeOf(login(hub, 'nobody', wrong, `192.0.2.${guess}`))).toBe('ERR_AUTH_CREDENTIALS')
    await expect(login(hub, 'nobody', wrong, '192.0.2.99')).rejects.toMatchObject({
      code: 'ERR_AUTH_LOCKED',
      retryAfter: 60,
    })
    expect(hub.passwords.computed).toBe(5)
  })

  it('refuses an address after 20 failures, whatever names it tries, and others not', async () => {
    const hub = await accessHub(kind)
    await enrol(hub, 'anna', 'admin')
    const before = hub.passwords.computed
    const codes: unknown[] = []
    for (let guess = 0; guess < 22; guess += 1)
      codes.push(await codeOf(login(hub, `name${guess}`, wrong, '2001:db8::1')))
    expect(codes).toEqual([
      ...Array.from({ length: 20 }, () => 'ERR_AUTH_CREDENTIALS'),
      'ERR_AUTH_LOCKED',
      'ERR_AUTH_LOCKED',
    ])
    expect(hub.passwords.computed - before).toBe(20)
    expect(await codeOf(login(hub, 'anna', right, '2001:db8::2'))).toBe('ERR_AUTH_LOCKED')
    expect(await codeOf(login(hub, 'anna', right, '2001:db8:0:1::2'))).toBe('let in')
  })

  it('counts wrong current passwords like failed logins', async () => {
    const hub = await accessHub(kind)
    await enrol(hub, 'anna', 'admin')
    const guess = (address: string) =>
      codeOf(hub.operators.changePassword({ name: 'anna', password: wrong, next: right, keep: '', address }))
    for (let number = 0; number < 5; number += 1)
      expect(await guess(`192.0.2.${number}`)).toBe('ERR_AUTH_CREDENTIALS')
    expect(await guess('192.0.2.9')).toBe('ERR_AUTH_LOCKED')
  })
})
