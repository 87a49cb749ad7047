/** A folder of a test's own, with files and git, and the search for pieces of secrets. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { keyturn, type CliOptions, type CliResult } from '../../../test/support/cli.ts'

export interface Folder {
  readonly path: string
  run(args: readonly string[], options?: CliOptions): Promise<CliResult>
  /** @param mode permission bits. Default: 0600 */
  write(name: string, text: string, mode?: number): void
  git(...args: readonly string[]): void
}

export function makeFolder(files: Readonly<Record<string, string>> = {}): Folder {
  const path = mkdtempSync(join(tmpdir(), 'keyturn-cli-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  const folder: Folder = {
    path,
    run: (args, options = {}) => keyturn(args, { cwd: path, ...options }),
    write: (name, text, mode = 0o600) => {
      mkdirSync(dirname(join(path, name)), { recursive: true })
      writeFileSync(join(path, name), text, { mode })
    },
    git: gitIn(path),
  }
  for (const [name, text] of Object.entries(files)) folder.write(name, text)
  return folder
}

/** No 12 characters in a row of a secret stand in what was printed. */
export function expectNoSecret({ stdout, stderr }: CliResult, ...secrets: readonly string[]): void {
  const printed = stdout + stderr
  for (const secret of secrets)
    for (let at = 0; at + 12 <= secret.length; at += 1)
      if (printed.includes(secret.slice(at, at + 12))) expect.fail('a piece of a secret was printed')
}

export const gitIn =
  (path: string) =>
  (...args: readonly string[]): void =>
    void execFileSync('git', ['-C', path, ...args], { stdio: 'ignore' })
