/** writeSecret: a new secret into a .env file, without being printed. */
import { existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { kidOf } from 'keyturn'
import { envFile } from 'keyturn/stores/env-file'
import { gitState } from './git-state.ts'
import type { Output } from './output.ts'
import { usageError } from './usage-error.ts'

export interface NewSecret {
  readonly path: string
  readonly name: string
  readonly secret: string
}

/** @throws {KeyturnError} ERR_FILE_EXISTS, ERR_USAGE; {StoreError} */
export async function writeSecret(output: Output, { path, name, secret }: NewSecret): Promise<void> {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats && !stats.isFile()) throw usageError(`--write ${path} is not a file`)
  if (!existsSync(dirname(path))) throw usageError(`--write ${path}: there is no folder ${dirname(path)}`)
  const file = envFile(path, { variable: name })
  await file.addVariable(name, secret)
  const kid = kidOf(secret)
  const length = secret.length
  output.line(`${output.mark('ok')} ${path}: ${name} added, ${length} characters, kid ${kid}`)
  output.document('generate-write', { file: file.path, name, length, kid })
  const state = gitState(file.path)
  if (state === 'tracked')
    output.warn(`${path} is tracked by git: git rm --cached ${path}, and ignore it before you commit`)
  if (state === 'exposed')
    output.warn(`${path} is not ignored by git: add it to .gitignore before the next commit`)
}
