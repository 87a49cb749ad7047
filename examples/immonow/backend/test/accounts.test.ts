import { describe, expect, it } from 'vitest'

import { accountStore } from '../src/accounts/accounts.ts'
import { emailAddress, normalizeEmail } from '../src/accounts/email.ts'
import { addressSubject, failureWindow, loginLimits } from '../src/accounts/login-limits.ts'
import { passwordHasher } from '../src/accounts/passwords.ts'
import { workQueue } from '../src/accounts/work-queue.ts'
import { Problem } from '../src/http/problem.ts'
import { temporaryDatabase } from './temporary-database.ts'

describe('normalizeEmail', () => {
  it('gives one spelling to one address', () => {
    expect(normalizeEmail('  Erika@Example.ORG ')).toBe('erika@example.org')
    expect(normalizeEmail('post@Bücher.example')).toBe('post@xn--bcher-kva.example')
    expect(normalizeEmail('ｅｒｉｋａ@example.org')).toBe('erika@example.org')
  })
})

describe('emailAddress', () => {
  it('accepts addresses and refuses what is none', () => {
    expect(emailAddress.parse('Erika+Test@example.org')).toBe('erika+test@example.org')
    for (const text of [
      '',
      'erika',
      '@example.org',
      'erika@',
      'a b@example.org',
      'a\0@example.org',
      'a@b@c.de',
    ]) {
      expect(emailAddress.safeParse(text).success, JSON.stringify(text)).toBe(false)
    }
    expect(emailAddress.safeParse(`${'a'.repeat(300)}@example.org`).success).toBe(false)
  })
})

describe('accountStore', () => {
  it('keeps one account for one address, however many register at once', async () => {
    const accounts = accountStore(await temporaryDatabase(), Date.now)
    const attempt = (): Promise<unknown> =>
      accounts
        .create({ email: 'erika@example.org', name: 'Erika', passwordHash: 'x' })
        .catch((error: unknown) => error)
    const results = await Promise.all([attempt(), attempt(), attempt()])
    expect(
      results.filter(result => result instanceof Problem && result.code === 'ERR_EMAIL_TAKEN'),
    ).toHaveLength(2)
  })

  it('finds nobody for a subject that is no id', async () => {
    const accounts = accountStore(await temporaryDatabase(), Date.now)
    for (const id of [undefined, null, 7, true, {}, [], 'x', 'a\0b', '%'])
      expect(accounts.byId(id)).toBeUndefined()
  })
})

describe('workQueue', () => {
  it('runs no more at a time than it was told, in order', async () => {
    const queue = workQueue({ concurrency: 2, limit: 10 })
    const order: number[] = []
    let most = 0
    const job = (index: number) => async (): Promise<void> => {
      order.push(index)
      most = Math.max(most, queue.running)
      await new Promise(resolve => setImmediate(resolve))
    }
    await Promise.all(Array.from({ length: 8 }, (_, index) => queue.run(job(index))))
    expect(most).toBe(2)
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect([queue.running, queue.waiting]).toEqual([0, 0])
  })

  it('refuses with ERR_BUSY when too many wait, and goes on after a job that fails', async () => {
    const queue = workQueue({ concurrency: 1, limit: 1 })
    const failing = queue.run(() => Promise.reject(new Error('no')))
    const next = queue.run(() => Promise.resolve('yes'))
    await expect(queue.run(() => Promise.resolve())).rejects.toMatchObject({ code: 'ERR_BUSY' })
    await expect(failing).rejects.toThrow('no')
    await expect(next).resolves.toBe('yes')
  })
})

describe('passwordHasher', () => {
  it('makes argon2id hashes and knows the password again', async () => {
    const passwords = passwordHasher()
    const hash = await passwords.hash('Grüne Wiese 7')
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(await passwords.verify(hash, 'Grüne Wiese 7')).toBe(true)
    expect(await passwords.verify(hash, 'Gru\u0308ne Wiese 7')).toBe(true)
    expect(await passwords.verify(hash, 'grüne Wiese 7')).toBe(false)
  })

  it('refuses every password for an account without one', async () => {
    const passwords = passwordHasher()
    expect(await passwords.verify(null, '')).toBe(false)
    expect(await passwords.verify(undefined, 'anything')).toBe(false)
  })

  it('asks the gate when it is the password’s turn', async () => {
    const passwords = passwordHasher({ concurrency: 1 })
    const gate = (): void => {
      throw new Problem('ERR_LOGIN_LIMIT')
    }
    await expect(passwords.verify(null, 'x', gate)).rejects.toMatchObject({ code: 'ERR_LOGIN_LIMIT' })
  })
})

describe('loginLimits', () => {
  it('refuses an account after ten failures, and says for how long', async () => {
    let now = 1_800_000_000_000
    const limits = loginLimits(await temporaryDatabase(), () => now)
    for (let index = 0; index < 10; index++) {
      limits.check('erika@example.org', '192.0.2.1')
      await limits.failed('erika@example.org', `192.0.2.${index}`)
      now += 1000
    }
    const refused = catching(() => limits.check('erika@example.org', '198.51.100.1'))
    expect(refused).toMatchObject({
      code: 'ERR_LOGIN_LIMIT',
      details: { retryAfter: failureWindow / 1000 - 10 },
    })
    limits.check('max@example.org', '192.0.2.1')
    now += failureWindow - 10_000
    limits.check('erika@example.org', '192.0.2.1')
  })

  it('refuses an address after a hundred failures on many accounts', async () => {
    const limits = loginLimits(await temporaryDatabase(), () => 1_800_000_000_000)
    for (let index = 0; index < 100; index++) {
      limits.check(`user-${index}@example.org`, '2001:db8::1')
      await limits.failed(`user-${index}@example.org`, '2001:db8::1')
    }
    expect(catching(() => limits.check('new@example.org', '2001:db8::2'))).toMatchObject({
      code: 'ERR_LOGIN_LIMIT',
    })
    limits.check('new@example.org', '2001:db8:0:1::1')
  })

  it('forgets the failures of an account after a success', async () => {
    const limits = loginLimits(await temporaryDatabase(), () => 1_800_000_000_000)
    for (let index = 0; index < 10; index++) await limits.failed('erika@example.org', '192.0.2.1')
    await limits.succeeded('erika@example.org')
    limits.check('erika@example.org', '192.0.2.1')
  })
})

describe('addressSubject', () => {
  it('takes an IPv6 network of 64 bits for one place', () => {
    expect(addressSubject('2001:db8::1')).toBe('address:2001:db8:0:0::/64')
    expect(addressSubject('2001:DB8:0:0:1:2:3:4')).toBe('address:2001:db8:0:0::/64')
    expect(addressSubject('::1')).toBe('address:0:0:0:0::/64')
    expect(addressSubject('fe80::1%eth0')).toBe('address:fe80:0:0:0::/64')
    expect(addressSubject('::ffff:192.0.2.7')).toBe('address:192.0.2.7')
    expect(addressSubject('192.0.2.7')).toBe('address:192.0.2.7')
  })
})

function catching(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    return error
  }
}
