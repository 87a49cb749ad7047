import { describe, expect, it } from 'vitest'
import { wrongInLogin, wrongInRegistration } from './account-form.ts'

const good = { email: 'erika@example.org', name: 'Erika', password: 'Grüne Wiese 7' }
const fields = (wrong: readonly { field: string }[]): string[] => wrong.map(({ field }) => field)

describe('wrongInRegistration', () => {
  it('finds nothing wrong with what is right', () => {
    expect(wrongInRegistration(good)).toEqual([])
    expect(wrongInRegistration({ ...good, email: 'a+b@müller.example' })).toEqual([])
  })

  it('names what is wrong, in the order of the form', () => {
    expect(fields(wrongInRegistration({ email: '', name: '', password: '1234567' }))).toEqual([
      'name',
      'email',
      'password',
    ])
    for (const email of [
      'erika',
      'erika@',
      '@example.org',
      'erika@example',
      'e e@example.org',
      `${'a'.repeat(250)}@b.de`,
    ])
      expect(fields(wrongInRegistration({ ...good, email })), email).toEqual(['email'])
    expect(fields(wrongInRegistration({ ...good, password: 'x'.repeat(257) }))).toEqual(['password'])
  })
})

describe('wrongInLogin', () => {
  it('says nothing about the length of old passwords', () => {
    expect(wrongInLogin({ email: 'erika@example.org', password: 'x' })).toEqual([])
    expect(fields(wrongInLogin({ email: 'erika', password: '' }))).toEqual(['email', 'password'])
  })
})
