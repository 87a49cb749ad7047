/** expectError: a refusal, with its code. */
import { expect } from 'vitest'
import { KeyturnError, type ErrorCode } from '../src/errors.ts'

/** Runs the action and expects an error of Keyturn with that code; returns its message. */
export async function expectError(action: () => unknown, code: ErrorCode): Promise<string> {
  let found: unknown
  try {
    await action()
  } catch (error) {
    found = error
  }
  expect(found, `no error, not ${code}`).toBeInstanceOf(KeyturnError)
  const { code: actual, message } = found as KeyturnError
  expect(actual, message).toBe(code)
  return message
}
