/** makePrivate: a file that only its owner reads, before anything is written to it. */
import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Makes folder and file unless they are there. SQLite would not say why it cannot open a file; this throws the
 * system's error, with its code.
 */
export function makePrivate(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  closeSync(openSync(path, 'a', 0o600))
  chmodSync(path, 0o600)
}
