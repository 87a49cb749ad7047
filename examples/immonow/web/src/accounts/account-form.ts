/** Checks what was typed into the forms of accounts. The rules are the backend's. */
import type { WrongField } from '../forms/wrong-fields.ts'

const looksLikeEmail = (text: string): boolean =>
  /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text) && text.length <= 254

export const textIn = (data: FormData, name: string): string => {
  const value = data.get(name)
  return typeof value === 'string' ? value : ''
}

export interface Registration {
  readonly email: string
  readonly name: string
  readonly password: string
}

export function wrongInRegistration({ email, name, password }: Registration): WrongField[] {
  const wrong: WrongField[] = []
  if (name === '' || name.length > 100) wrong.push({ field: 'name', error: 'name' })
  if (!looksLikeEmail(email)) wrong.push({ field: 'email', error: 'email' })
  if (password.length < 8 || password.length > 256) wrong.push({ field: 'password', error: 'password' })
  return wrong
}

export function wrongInLogin({ email, password }: { email: string; password: string }): WrongField[] {
  const wrong: WrongField[] = []
  if (!looksLikeEmail(email)) wrong.push({ field: 'email', error: 'email' })
  if (password === '') wrong.push({ field: 'password', error: 'passwordMissing' })
  return wrong
}
