import { describe, expect, it } from 'vitest'
import { databaseKinds, temporaryReplicas } from '../../test/temporary-database.ts'
import type { Database } from '../database/open-database.ts'
import { HubEvents } from './events.ts'
import { digestOf } from './opaque-secret.ts'
import { Operators } from './operators.ts'
import { Passwords } from './password.ts'
import type { Role } from './scopes.ts'
import { Sessions } from './sessions.ts'
import { SetupLinks } from './setup-links.ts'

const right = 'grau-Lampe-7-Birne'
const wrong = 'grau-Lampe-8-Birne'
const minute = 60_000

function hubOn(database: Database) {
  const events = new HubEvents(database)
  const passwords = new Passwords()
  return {
    database,
    events,
    passwords,
    operators: new Operators(database, events, passwords),
    sessions: new Sessions(database),
    links: new SetupLinks(database, events, passwords),
  }
}
type TestHub = ReturnType<typeof hubOn>

/** An operator who has used the set-up link. */
async function enrol({ operators, links }: TestHub, name: string, role: Role, password = right) {
  await operators.create(name, role, 'test')
  const secret = await links.create({ operator: name })
  await links.redeem({ secret, name, password, address: '192.0.2.1' }, async () => undefined)
}

const login = ({ operators, sessions }: TestHub, name: string, password: string, address = '192.0.2.1') =>
  operators.login({ name, password, address }, async (connection, operator) => ({
    ...operator,
    session: await sessions.create(operator.name, connection),
  }))

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'let in',
    (error: unknown) => (error as { code?: string }).code,
  )

const rowOf = ({ database }: TestHub, name: string) =>
  database.db
    .selectFrom('operators')
    .select(['failures', 'locked_until', 'password'])
    .where('name', '=', name)
    .executeTakeFirstOrThrow()

/** As if the lock had run out. */
const unlock = ({ database }: TestHub) =>
  database.db.updateTable('operators').set({ locked_until: 0 }).execute()

const ofCode = (code: string) => expect.objectContaining({ code })
const locked = ofCode('ERR_AUTH_LOCKED')
const credentials = ofCode('ERR_AUTH_CREDENTIALS')

describe.each(databaseKinds)('Operators in %s', kind => {
  const replicas = async (count: number) => (await temporaryReplicas(kind, count)).map(hubOn)
  const one = async (): Promise<TestHub> => (await replicas(1))[0] ?? expect.unreachable()

  it('lets the right password in, whatever the capitals of the name', async () => {
    const hub = await one()
    await enrol(hub, 'anna', 'operator')
    const found = await login(hub, ' Anna ', right)
    expect(found).toMatchObject({ name: 'anna', role: 'operator' })
    expect(await hub.sessions.find(found.session.id)).toMatchObject({ operator: 'anna' })
  })

  it('gives the same answer, after the same work, to a wrong password, an unknown name and an unused link', async () => {
    const hub = await one()
    await enrol(hub, 'anna', 'operator')
    await hub.operators.create('bert', 'viewer', 'test')
    const before = hub.passwords.computed
    const errors: unknown[] = []
    for (const name of ['anna', 'nobody', 'bert', '', 'NOT a name'])
      await login(hub, name, wrong).catch((error: unknown) => errors.push(error))
    expect(errors.map(error => JSON.stringify([(error as Error).message, error]))).toEqual(
      Array.from({ length: 5 }, () => JSON.stringify([(errors[0] as Error).message, errors[0]])),
    )
    expect(errors).toEqual(Array.from({ length: 5 }, () => credentials))
    expect(hub.passwords.computed - before).toBe(5)
  })

  it('checks five of 50 guesses that come at once, on two replicas, and locks', async () => {
    const [hub = expect.unreachable(), other = expect.unreachable()] = await replicas(2)
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
    await expect(login(hub, 'anna', right)).rejects.toEqual(locked)
    await expect(login(other, 'anna', right)).rejects.toEqual(locked)
  })

  it('locks for a minute, then for twice as long with each guess, for 15 minutes at most', async () => {
    const hub = await one()
    await enrol(hub, 'anna', 'admin')
    for (let guess = 0; guess < 4; guess += 1) await codeOf(login(hub, 'anna', wrong, `192.0.2.${guess}`))
    expect(await rowOf(hub, 'anna')).toMatchObject({ failures: 4, locked_until: 0 })
    for (const minutes of [1, 2, 4, 8, 15, 15]) {
      expect(await codeOf(login(hub, 'anna', wrong, `198.51.100.${minutes}`))).toBe('ERR_AUTH_CREDENTIALS')
      const error: unknown = await login(hub, 'anna', right).catch((each: unknown) => each)
      expect(error).toEqual(locked)
      const { retryAfter } = error as { retryAfter: number }
      expect(retryAfter).toBeGreaterThan(minutes * 60 - 50)
      expect(retryAfter).toBeLessThanOrEqual(minutes * 60)
      await unlock(hub)
    }
  })

  it('begins to count anew after a right password', async () => {
    const hub = await one()
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
    const hub = await one()
    for (let guess = 0; guess < 5; guess += 1)
      expect(await codeOf(login(hub, 'nobody', wrong, `192.0.2.${guess}`))).toBe('ERR_AUTH_CREDENTIALS')
    await expect(login(hub, 'nobody', wrong, '192.0.2.99')).rejects.toMatchObject({
      code: 'ERR_AUTH_LOCKED',
      retryAfter: 60,
    })
    expect(hub.passwords.computed).toBe(5)
  })

  it('refuses an address after 20 failures, whatever names it tries, and others not', async () => {
    const hub = await one()
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

  it('never leaves the hub without an admin who can log in', async () => {
    const hub = await one()
    await enrol(hub, 'anna', 'admin')
    await hub.operators.create('invited', 'admin', 'anna')
    const lastAdmin = ofCode('ERR_OPERATOR_LAST_ADMIN')
    await expect(hub.operators.remove('anna', 'anna')).rejects.toEqual(lastAdmin)
    await expect(hub.operators.setRole('anna', 'operator', 'anna')).rejects.toEqual(lastAdmin)
    await hub.operators.setRole('anna', 'admin', 'anna')
    await enrol(hub, 'bert', 'admin')
    await hub.operators.remove('anna', 'bert')
    await hub.operators.remove('invited', 'bert')
    expect((await hub.operators.list()).map(({ name }) => name)).toEqual(['bert'])
  })

  it('keeps an admin when two remove each other at once', async () => {
    const [hub = expect.unreachable(), other = expect.unreachable()] = await replicas(2)
    for (let round = 0; round < 3; round += 1) {
      for (const name of ['anna', 'bert'])
        if (!(await hub.operators.list()).some(each => each.name === name)) await enrol(hub, name, 'admin')
      const codes = await Promise.all([
        codeOf(hub.operators.remove('bert', 'anna')),
        codeOf(other.operators.remove('anna', 'bert')),
      ])
      expect(codes.toSorted()).toEqual(['ERR_OPERATOR_LAST_ADMIN', 'let in'])
    }
  })

  it('refuses a name that is taken or cannot be, and one that nobody has', async () => {
    const hub = await one()
    await hub.operators.create('anna', 'viewer', 'test')
    await expect(hub.operators.create('ANNA', 'admin', 'test')).rejects.toEqual(ofCode('ERR_OPERATOR_EXISTS'))
    for (const name of ['', '-anna', 'a b', 'anna@example', 'ännchen', 'x'.repeat(65)])
      await expect(hub.operators.create(name, 'viewer', 'test')).rejects.toEqual(
        ofCode('ERR_REQUEST_INVALID'),
      )
    const missing = ofCode('ERR_OPERATOR_NOT_FOUND')
    await expect(hub.operators.setRole('bert', 'admin', 'test')).rejects.toEqual(missing)
    await expect(hub.operators.remove('bert', 'test')).rejects.toEqual(missing)
  })

  it('ends the sessions of an operator who is removed', async () => {
    const hub = await one()
    await enrol(hub, 'anna', 'admin')
    await enrol(hub, 'bert', 'viewer')
    const { session } = await login(hub, 'bert', right)
    await hub.operators.remove('bert', 'anna')
    expect(await hub.sessions.find(session.id)).toBeUndefined()
    expect(await codeOf(login(hub, 'bert', right))).toBe('ERR_AUTH_CREDENTIALS')
    await enrol(hub, 'bert', 'viewer')
    expect(await hub.sessions.find(session.id)).toBeUndefined()
  })

  it('changes a password, and ends every other session', async () => {
    const hub = await one()
    await enrol(hub, 'anna', 'admin')
    const here = await login(hub, 'anna', right)
    const elsewhere = await login(hub, 'anna', right)
    const next = 'blau-Tasche-3-Wolke'
    const change = (password: string, to: string) =>
      hub.operators.changePassword({
        name: 'anna',
        password,
        next: to,
        keep: digestOf(here.session.id),
        address: '192.0.2.1',
      })
    await expect(change(wrong, next)).rejects.toEqual(credentials)
    await expect(change(right, 'short')).rejects.toEqual(ofCode('ERR_AUTH_PASSWORD'))
    expect(await hub.sessions.find(elsewhere.session.id)).toBeDefined()
    await change(right, next)
    expect(await hub.sessions.find(here.session.id)).toBeDefined()
    expect(await hub.sessions.find(elsewhere.session.id)).toBeUndefined()
    expect(await codeOf(login(hub, 'anna', right))).toBe('ERR_AUTH_CREDENTIALS')
    expect(await codeOf(login(hub, 'anna', next))).toBe('let in')
  })

  it('counts wrong current passwords like failed logins', async () => {
    const hub = await one()
    await enrol(hub, 'anna', 'admin')
    const guess = (address: string) =>
      codeOf(hub.operators.changePassword({ name: 'anna', password: wrong, next: right, keep: '', address }))
    for (let number = 0; number < 5; number += 1)
      expect(await guess(`192.0.2.${number}`)).toBe('ERR_AUTH_CREDENTIALS')
    expect(await guess('192.0.2.9')).toBe('ERR_AUTH_LOCKED')
  })

  it('leaves no session of a password that is changed during the login', async () => {
    const hub = await one()
    await enrol(hub, 'anna', 'admin')
    const next = 'blau-Tasche-3-Wolke'
    const [changed, ...logins] = await Promise.all([
      codeOf(
        hub.operators.changePassword({
          name: 'anna',
          password: right,
          next,
          keep: '',
          address: '192.0.2.1',
        }),
      ),
      ...Array.from({ length: 3 }, (_, number) =>
        login(hub, 'anna', right, `192.0.2.${number + 2}`).catch(() => undefined),
      ),
    ])
    expect(changed).toBe('let in')
    for (const each of logins) expect(each && (await hub.sessions.find(each.session.id))).toBeUndefined()
  })

  it('lists who is there, who has no password yet and who is locked', async () => {
    const hub = await one()
    await enrol(hub, 'bert', 'viewer')
    await hub.operators.create('anna', 'admin', 'test')
    for (let guess = 0; guess < 5; guess += 1) await codeOf(login(hub, 'bert', wrong))
    const [anna, bert] = await hub.operators.list()
    expect(anna).toMatchObject({ name: 'anna', role: 'admin', hasPassword: false, lockedUntil: null })
    expect(bert).toMatchObject({ name: 'bert', role: 'viewer', hasPassword: true })
    expect(bert?.lockedUntil).toBeGreaterThan((await hub.database.time()) + minute / 6)
    expect(JSON.stringify(await hub.operators.list())).not.toContain('argon2')
  })
})
