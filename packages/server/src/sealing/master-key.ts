/** readMasterKeys: the keys that open the rings, from the environment or the data folder. */
import { readFileSync } from 'node:fs'
import { checkSecret, ConfigError, Secret } from 'keyturn'
import { readKeyFiles } from './master-key-file.ts'

type Environment = Readonly<Record<string, string | undefined>>

const variable = 'KEYTURN_MASTER_KEY'

export interface MasterKeyOptions {
  readonly env: Environment
  /** The folder whose `master.key` is used, and made at the first start. Absent: the environment must have the key. */
  readonly folder?: string
  /** Nothing is sealed yet, so a key may be made in the folder. */
  readonly isNew: boolean
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
  const kept = given === undefined && folder !== undefined ? readKeyFiles(folder, options.isNew) : []
  const [current, ...older] = [...(given === undefined ? [] : [given]), ...kept, ...previous]
  if (current === undefined)
    throw new ConfigError(
      'ERR_HUB_MASTER_KEY_MISSING',
      `DATABASE_URL is set, so ${variable} or ${variable}_FILE must be as well`,
    )
  return [strong(current), ...older.map(strong)]
}

/** Whether the environment names the key, so that the data folder has none. */
export const isKeyGiven = (env: Environment): boolean => Boolean(env[variable] || env[`${variable}_FILE`])

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
