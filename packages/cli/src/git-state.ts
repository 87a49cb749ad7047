/** gitState: whether git tracks a file, ignores it, or would take it into the next commit. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

export type GitState = 'none' | 'ignored' | 'exposed' | 'tracked'

/** `none` outside a work tree, or without git. */
export function gitState(path: string): GitState {
  const git = (...args: string[]): number | null =>
    spawnSync('git', ['-C', dirname(path), ...args, '--', basename(path)], { stdio: 'ignore' }).status
  const tracked = git('ls-files', '--error-unmatch')
  if (tracked === 0) return 'tracked'
  // 128: not a work tree; null: no git.
  if (tracked !== 1) return 'none'
  return git('check-ignore', '-q') === 0 ? 'ignored' : 'exposed'
}

/** The work tree that a path lies in, found without git: git does not answer when somebody else owns the tree. */
export function workTreeOf(path: string): string | undefined {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder
    if (folder === dirname(folder)) return undefined
  }
}
