/** chooseTarget: which ring a command works on. */
import { hostname, userInfo } from 'node:os'
import { resolve } from 'node:path'
import { ConfigError } from 'keyturn'
import { systemClock } from 'keyturn/ports'
import { checkLimits, type Limits } from 'keyturn/ring'
import { defaultTimeout, type RotationContext, type RotationEvent } from 'keyturn/rotation'
import { envFile, type EnvFile } from 'keyturn/stores/env-file'
import { afterChangeOf } from './after-change.ts'
import { configName, loadConfiguration, type Configuration, type Environment } from './config.ts'
import type { GlobalFlags, Output } from './output.ts'

/** A ring and how it is configured. */
export interface Target {
  readonly file: EnvFile
  /** Name for a ring that has none yet. */
  readonly ring: string
  /** Name of the environment in the configuration, where it has one. */
  readonly environment?: string
  readonly limits: Limits
  readonly settings?: Environment
  readonly configuration?: Configuration
}

export const defaultRing = 'default/default'

/**
 * The ring of `--file`, of `-e`, or of `./.env`. A file that the configuration knows has that environment's settings.
 * @throws {ConfigError} ERR_CONFIG_ENVIRONMENT
 */
export function chooseTarget(flags: GlobalFlags): Target {
  const configuration = loadConfiguration(flags.config)
  if (flags.environment !== undefined) {
    const settings = configuration?.environments.find(each => each.name === flags.environment)
    if (!settings) throw unknownEnvironment(flags.environment, configuration)
    return targetOf(settings, configuration, flags.file)
  }
  const path = resolve(flags.file ?? process.env['KEYTURN_ENV_FILE'] ?? '.env')
  const settings = configuration?.environments.find(each => each.path === path)
  if (settings) return targetOf(settings, configuration)
  return {
    file: envFile(path, { ring: defaultRing }),
    ring: defaultRing,
    limits: checkLimits({}),
    ...(configuration && { configuration }),
  }
}

/** Every ring of the configuration. @throws {ConfigError} ERR_CONFIG_ENVIRONMENT when there is none */
export function allTargets(flags: GlobalFlags): readonly Target[] {
  const configuration = loadConfiguration(flags.config)
  if (!configuration || configuration.environments.length === 0)
    throw new ConfigError('ERR_CONFIG_ENVIRONMENT', `${configName} names no environments`)
  return configuration.environments.map(settings => targetOf(settings, configuration))
}

function targetOf(settings: Environment, configuration?: Configuration, path?: string): Target {
  const { ring, limits, variable, auditPath, name } = settings
  const file = envFile(path ?? settings.path, {
    ring,
    limits,
    ...(variable !== undefined && { variable }),
    ...(auditPath !== undefined && { auditPath }),
  })
  return { file, ring, limits, settings, environment: name, ...(configuration && { configuration }) }
}

function unknownEnvironment(name: string, configuration: Configuration | undefined): ConfigError {
  const known = configuration?.environments.map(each => each.name).join(', ')
  const where = configuration
    ? `${configuration.path} knows ${known || 'none'}`
    : `there is no ${configName} here`
  return new ConfigError('ERR_CONFIG_ENVIRONMENT', `the environment ${name} is not known: ${where}`)
}

export interface ContextOptions {
  readonly report?: (event: RotationEvent) => void
  /** Milliseconds that `afterChange` has to bring up a new process. @default 120000 (2 min) */
  readonly timeout?: number
}

/** What a rotation works with. */
export function contextOf(target: Target, output: Output, options: ContextOptions = {}): RotationContext {
  const { report, timeout = defaultTimeout } = options
  const afterChange = afterChangeOf(target, output, timeout)
  return {
    store: target.file.store,
    leases: target.file.leases,
    clock: systemClock,
    actor: actor(),
    trail: () => target.file.trail(),
    ...(report && { report }),
    ...(afterChange && { afterChange }),
  }
}

/** Who runs the command, for the audit trail. */
function actor(): string {
  let user = String(process.getuid?.() ?? 'unknown')
  try {
    user = userInfo().username
  } catch {
    // A container's user may have no name.
  }
  const behind = process.env['SUDO_USER']
  return `${behind && behind !== user ? `${behind} as ${user}` : user}@${hostname()}`
}

/** The flags that choose this ring again, for a command to be typed. */
export function flagsOf(flags: GlobalFlags): string {
  const config = flags.config === undefined ? '' : ` --config ${flags.config}`
  if (flags.environment !== undefined) return `${config} -e ${flags.environment}`
  return flags.file === undefined ? config : `${config} --file ${flags.file}`
}
