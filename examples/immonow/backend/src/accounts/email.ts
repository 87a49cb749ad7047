/** E-mail addresses in one spelling, so that an account has exactly one. */
import { domainToASCII } from 'node:url'
import { z } from 'zod'

/** Trims, lowers the case, and writes an international domain in ASCII. */
export function normalizeEmail(text: string): string {
  const email = text.normalize('NFKC').trim().toLowerCase()
  const at = email.lastIndexOf('@')
  if (at === -1) return email
  const domain = email.slice(at + 1)
  return `${email.slice(0, at)}@${domainToASCII(domain) || domain}`
}

/** A valid address, normalised. */
export const emailAddress: z.ZodType<string, string> = z
  .string({ error: 'must be text' })
  .max(320, 'must have at most 254 characters')
  .transform(normalizeEmail)
  .pipe(z.email('must be an e-mail address').max(254, 'must have at most 254 characters'))
