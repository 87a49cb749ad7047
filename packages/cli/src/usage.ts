/** What a command is given: checked flags, and questions where a person sits in front of it. */
import { createInterface } from 'node:readline/promises'
import { KeyturnError } from 'keyturn'
import type { Cause } from 'keyturn/ring'
import { parseDuration } from 'keyturn/token'
import { usageError } from './usage-error.ts'

export const causes: readonly Cause[] = ['scheduled', 'compromised', 'breach', 'access-holder-left', 'other']

const mostReason = 256

export { usageError }

/** Whether somebody can answer a question. */
export const canAsk = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true

/** Asks on standard error. */
export async function ask(question: string): Promise<string> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return (await prompt.question(question)).trim()
  } finally {
    prompt.close()
  }
}

/**
 * The reason for the audit trail, asked for on a terminal.
 * @throws {KeyturnError} ERR_USAGE_REASON, ERR_USAGE
 */
export async function reasonOf(given: string | undefined): Promise<string> {
  const reason = (given ?? (canAsk() ? await ask('Reason (for the audit trail): ') : '')).trim()
  if (reason === '') throw new KeyturnError('ERR_USAGE_REASON')
  if (reason.length > mostReason) throw usageError(`the reason is longer than ${mostReason} characters`)
  if (/[\p{Cc}\p{Cs}]/u.test(reason)) throw usageError('the reason holds control characters')
  return reason
}

/** @throws {KeyturnError} ERR_USAGE */
export function causeOf(given: string | undefined): { cause?: Cause } {
  if (given === undefined) return {}
  const cause = causes.find(each => each === given)
  if (!cause) throw usageError(`--cause is one of ${causes.join(', ')}`)
  return { cause }
}

/** Seconds of a flag such as `48h`. @throws {KeyturnError} ERR_USAGE */
export function secondsOf(flag: string, given: string): number {
  try {
    const seconds = parseDuration(given)
    if (seconds > 0) return seconds
  } catch {
    // Refused below.
  }
  throw usageError(`${flag} is a duration such as 90s, 15m, 48h or 30d`)
}

/** Standard input as text, without the newline that a pipe adds. @throws {KeyturnError} ERR_USAGE on a terminal */
export async function readInput(what: string): Promise<string> {
  if (process.stdin.isTTY) throw usageError(`give ${what} on standard input, never as an argument`)
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of process.stdin) {
    pieces.push(piece as Buffer)
    size += (piece as Buffer).length
    if (size > 1_048_576) throw usageError(`${what} is longer than a megabyte`)
  }
  return Buffer.concat(pieces)
    .toString('utf8')
    .replace(/\r?\n$/, '')
}

/** Milliseconds of `--timeout`. */
export const timeoutOf = ({ timeout }: { readonly timeout: string }): number =>
  secondsOf('--timeout', timeout) * 1000
