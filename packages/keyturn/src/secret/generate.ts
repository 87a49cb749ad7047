/** New secrets from the operating system's random source. */
import { randomBytes } from 'node:crypto'
import { maxLength, minLength } from './form.ts'
import { checkSecret } from './strength.ts'

/** How {@link generateSecret} makes a secret. */
export interface GenerateOptions {
  /** Characters, 64 to 1,024. @default 64 */
  readonly length?: number | undefined
}

/**
 * Makes a secret: so many characters of URL-safe base64, six random bits each; 64 are 384 bits. One that
 * breaks a rule of {@link checkSecret} by chance is drawn again.
 *
 * @throws TypeError when `length` is not an integer from 64 to 1,024
 * @example
 * const secret = generateSecret() // 64 characters
 */
export function generateSecret(options: GenerateOptions = {}): string {
  const { length = minLength } = options
  if (!Number.isInteger(length) || length < minLength || length > maxLength) {
    throw new TypeError(`the length of a secret must be an integer from ${minLength} to ${maxLength}`)
  }
  return drawSecret(length, randomBytes)
}

/** Draws from the source until a text passes every rule. */
export function drawSecret(length: number, source: (size: number) => Buffer): string {
  for (;;) {
    const text = source(Math.ceil((length * 6) / 8))
      .toString('base64url')
      .slice(0, length)
    if (checkSecret(text, { strict: true }).ok) return text
  }
}
