/** readMasterKeys: the keys that open the rings, from the environment or the data folder. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { checkSecret, ConfigError, generateSecret, Secret } from 'keyturn'

type Environment = Readonly<Record<string, string | undefined>>

const variable = 'KEYTURN_MASTER_KEY'
const fileName = 'master.key'

export interface MasterKeyOptions {
  readonly env: Environment
  /** The folder whose `master.key` is used, and made at the first start. Absent: the environment must have the key. */
  readonly folder?: string
}

/**
 * The master key first, then the ones before it: `KEYTURN_MASTER_KEY` or `_FILE`, `KEYTURN_MASTER_KEY_PREVIOUS` or
 * `_FILE`, comma-separated; or `master.key` in the data folder, 0600.
 * @throws {ConfigError} ERR_HUB_MASTER_KEY_MISSING, ERR_HUB_MASTER_KEY for one that is too weak or that others can read
 */
export function readMasterKeys(options: MasterKeyOptions): readonly [Secret, ...Secret[]] {
  const { env, folder } = options
  const given = valueOf(variable, env)
  const previous = (valueOf(`${variable}_PREVIOUS`, env) ?? '').split(',').filter(text => text !== '')
  const current = given ?? (folder === undefined ? undefined : fromFolder(folder))
  if (current === undefined)
    throw new ConfigError(
      'ERR_HUB_MASTER_KEY_MISSING',
      `DATABASE_URL is set, so ${variable} or ${variable}_FILE must be as well`,
    )
  return [strong(current), ...previous.map(strong)]
}

function valueOf(name: string, env: Environment): string | undefined {
  const text = env[name]
  if (text) return text
  const path = env[`${name}_FILE`]
  if (!path) return undefined
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    throw new ConfigError(
      'ERR_HUB_MASTER_KEY_MISSING',
      `${name}_FILE names ${path}, which cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`,
    )
  }
}

function fromFolder(folder: string): string {
  const path = join(folder, fileName)
  if (!existsSync(path)) create(folder, path)
  if ((statSync(path).mode & 0o077) !== 0)
    throw new ConfigError('ERR_HUB_MASTER_KEY', `others can read ${path}: chmod 600 it, then rekey`)
  return readFileSync(path, 'utf8').trim()
}

function create(folder: string, path: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = openSync(path, 'wx', 0o600)
  try {
    writeSync(file, `${generateSecret()}\n`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** One that is guessed opens every ring. */
function strong(text: string): Secret {
  const report = checkSecret(text, { variable })
  if (!report.ok)
    throw new ConfigError(
      'ERR_HUB_MASTER_KEY',
      'the master key is too weak: use the output of keyturn generate',
      {
        findings: report.findings,
      },
    )
  return new Secret(text)
}
