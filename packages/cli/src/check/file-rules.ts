/** fileRules: who can read the file of secrets, and whether git would carry it away. */
import { statSync } from 'node:fs'
import { KeyturnError } from 'keyturn'
import { gitState, workTreeOf } from '../git-state.ts'
import type { Sources } from '../secret-sources.ts'
import { shownPath } from '../shown-path.ts'
import type { FileTarget } from '../target.ts'
import type { Finding } from './finding.ts'

export function fileRules(target: FileTarget, sources: Sources): readonly Finding[] {
  // A file that a variable names is made by Docker or systemd, with modes of their own: only git counts.
  const named = sources.isFileNamed ? [] : sources.environment.secrets.map(({ file }) => file)
  const others = [...new Set(named)].filter(path => path !== undefined)
  const { path } = target.file
  const own = sources.file ? [...ofMode(path), ...ofMount(target), ...gitRules(path)] : []
  return [...own, ...others.flatMap(each => gitRules(each))]
}

function ofMode(path: string): readonly Finding[] {
  const { mode, uid } = statSync(path)
  const file = shownPath(path)
  const findings: Finding[] = []
  const remedy = `chmod 600 ${file}, or keyturn doctor --fix`
  if ((mode & 0o027) !== 0) {
    const who = (mode & 0o007) === 0 ? 'the group can write it' : 'other users of this machine can reach it'
    const message = `${who} (mode ${octal(mode)})`
    findings.push({ rule: 'file-mode', severity: 'error', message, remedy, file })
  } else if ((mode & 0o040) !== 0) {
    const message = `the group can read it (mode ${octal(mode)})`
    findings.push({ rule: 'file-mode', severity: 'warning', message, remedy: `chmod 600 ${file}`, file })
  }
  const user = process.geteuid?.() ?? uid
  if (user !== 0 && user !== uid)
    findings.push({
      rule: 'file-owner',
      severity: 'warning',
      message: `it belongs to user ${uid}, not to you (${user})`,
      remedy: 'run the application and keyturn as its owner: nobody else but root can change it',
      file,
    })
  return findings
}

export const octal = (mode: number): string => (mode & 0o7777).toString(8).padStart(4, '0')

function ofMount(target: FileTarget): readonly Finding[] {
  try {
    target.file.assertLive()
    return []
  } catch (error) {
    if (!(error instanceof KeyturnError)) throw error
    const { message, fix: remedy } = error
    return [{ rule: 'file-mounted', severity: 'error', message, remedy, file: shownPath(target.file.path) }]
  }
}

function gitRules(path: string): readonly Finding[] {
  const file = shownPath(path)
  switch (gitState(path)) {
    case 'tracked':
      return [
        {
          rule: 'file-tracked',
          severity: 'error',
          message: 'secret in version control: git tracks this file',
          remedy: `git rm --cached ${file}, ignore it, and rotate with keyturn emergency: what was pushed has leaked`,
          file,
        },
      ]
    case 'exposed':
      return [
        {
          rule: 'file-not-ignored',
          severity: 'warning',
          message: 'git does not ignore this file: git add . would commit it',
          remedy: `add ${file} to .gitignore`,
          file,
        },
      ]
    case 'none':
      if (workTreeOf(path) === undefined) return []
      return [
        {
          rule: 'file-git-unknown',
          severity: 'warning',
          message: 'it lies in a git work tree, and git does not say whether it is tracked',
          remedy: `run keyturn check as the owner of the work tree, with git installed`,
          file,
        },
      ]
    case 'ignored':
      return []
  }
}
