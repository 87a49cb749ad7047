/** chooseSource: where an application's ring comes from. */
import { ConfigError } from '../errors.ts'
import type { LiveSource } from '../ports/live-source.ts'
import { envFile, type EnvFile } from '../stores/env-file.ts'
import { environment, type FixedSource } from '../stores/env.ts'
import type { HandSet } from '../stores/ring-variables.ts'

export type RingSource = EnvFile | FixedSource | LiveSource

/**
 * `KEYTURN_ENV_FILE`: a `.env` file, live; otherwise the environment, fixed at start.
 * @throws {ConfigError} ERR_CONFIG_SOURCE for a source this version does not have
 */
export function chooseSource(
  options: HandSet & { readonly variable?: string },
  env: Readonly<Record<string, string | undefined>>,
): RingSource {
  if (env['KEYTURN_URL'])
    throw new ConfigError(
      'ERR_CONFIG_SOURCE',
      'KEYTURN_URL is set, but this version of keyturn has no hub client',
    )
  const file = env['KEYTURN_ENV_FILE']
  return file ? envFile(file, options) : environment({ ...options, env })
}
