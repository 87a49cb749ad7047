import { describe, expect, it } from 'vitest'
import {
  accessHub,
  accessHubs,
  codeOf,
  enrol,
  login,
  ofCode,
  otherPassword as next,
  rightPassword as right,
  wrongPassword as wrong,
} from '../../test/access-hub.ts'
import { databaseKinds } from '../../test/temporary-database.ts'
import { digestOf } from './opaque-secret.ts'

const minute = 60_000

describe.each(databaseKinds)('Operators in %s', kind => {
  it('lets the right password in, whatever the capitals of the name', async () => {
    const hub = await accessHub(kind)
    await enrol(hub, 'anna', 'operator')
    const found = await login(hub, ' Anna ', right)
    expect(found).toMatchObject({ name: 'anna', role: 'operator' })
    expect(await hub.sessions.find(found.session.id)).toMatchObject({ operator: 'anna' })
  })

  it('never leaves the hub without an admin who can log in', async () => {
    const hub = await accessHub(kind)
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
    const [hub, other] = await accessHubs(kind)
    for (let round = 0; round < 3; round += 1) {
      for (const name of ['anna', 'bert'])
        if (!(await hub.operators.list()).some(each => each.name === name)) await enrol(hub, name, 'admin')
      const codes = await Promise.all([
        codeOf(hub.operators.remove('bert', 'anna')),
        codeOf(other.operators.remove('anna', 'bert')),
      ])
      expect(codes.map(String).toSorted()).toEqual(['ERR_OPERATOR_LAST_ADMIN', 'let in'])
    }
  })

  it('refuses a name that is taken or cannot be, and one that nobody has', async () => {
    const hub = await accessHub(kind)
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
    const hub = await accessHub(kind)
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
    const hub = await accessHub(kind)
    await enrol(hub, 'anna', 'admin')
    const here = await login(hub, 'anna', right)
    const elsewhere = await login(hub, 'anna', right)
    const change = (password: string, to: string) =>
      hub.operators.changePassword({
        name: 'anna',
        password,
        next: to,
        keep: digestOf(here.session.id),
        address: '192.0.2.1',
      })
    await expect(change(wrong, next)).rejects.toEqual(ofCode('ERR_AUTH_CREDENTIALS'))
    await expect(change(right, 'short')).rejects.toEqual(ofCode('ERR_AUTH_PASSWORD'))
    expect(await hub.sessions.find(elsewhere.session.id)).toBeDefined()
    await change(right, next)
    expect(await hub.sessions.find(here.session.id)).toBeDefined()
    expect(await hub.sessions.find(elsewhere.session.id)).toBeUndefined()
    expect(await codeOf(login(hub, 'anna', right))).toBe('ERR_AUTH_CREDENTIALS')
    expect(await codeOf(login(hub, 'anna', next))).toBe('let in')
  })

  it('leaves no session of a password that is changed during the login', async () => {
    const hub = await accessHub(kind)
    await enrol(hub, 'anna', 'admin')
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
    const hub = await accessHub(kind)
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
