/** Checks what a client sent against a zod schema, and the few schemas that several routes share. */
import { z } from 'zod'

import { Problem } from './problem.ts'

/**
 * The parsed value.
 * @throws {Problem} ERR_VALIDATION with every field that is wrong
 */
export function validate<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const fields = result.error.issues.slice(0, 20).map(issue => ({
    // Names of unknown fields come from the client, so they are not repeated.
    field: issue.path.join('.'),
    message: issue.code === 'unrecognized_keys' ? 'has fields that are not known' : issue.message,
  }))
  throw new Problem('ERR_VALIDATION', { fields })
}

const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/

/** A line of text: trimmed, in NFC, without control characters. */
export const line = (low: number, high: number): z.ZodType<string, string> =>
  z
    .string({ error: 'must be text' })
    .transform(text => text.normalize('NFC').trim())
    .pipe(
      z
        .string()
        .min(low, `must have at least ${low} characters`)
        .max(high, `must have at most ${high} characters`)
        .refine(text => !control.test(text) && !/[\t\r\n]/.test(text), 'must not contain control characters')
        .refine(text => text.isWellFormed(), 'must be valid Unicode'),
    )

/** Text of several lines. */
export const paragraph = (low: number, high: number): z.ZodType<string, string> =>
  z
    .string({ error: 'must be text' })
    .transform(text => text.normalize('NFC').replaceAll('\r\n', '\n').trim())
    .pipe(
      z
        .string()
        .min(low, `must have at least ${low} characters`)
        .max(high, `must have at most ${high} characters`)
        .refine(text => !control.test(text), 'must not contain control characters')
        .refine(text => text.isWellFormed(), 'must be valid Unicode'),
    )
