/** environment: a ring in the environment, fixed when the process starts. Subpath `keyturn/stores/env`. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { StoreError } from '../errors.ts'
import type { Ring } from '../ports/ring-store.ts'
import { ringFrom, variableNames, type HandSet } from './ring-variables.ts'

export interface EnvironmentOptions extends HandSet {
  /** @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Name of the active secret's variable; renames all. @default 'JWT_SECRET_KEY' */
  readonly variable?: string
}

/** A ring that cannot change while the process lives: there is nothing to ask, so an unknown kid is refused at once. */
export interface FixedSource {
  readonly kind: 'fixed'
  /** Names it in messages. */
  readonly name: string
  /** @throws {StoreError} ERR_STORE_DENIED, ERR_STORE_MISSING; {RingError} ERR_RING_INVALID */
  read(): Ring | undefined
}

/**
 * Each variable is looked for as `NAME`, as a file named by `NAME_FILE` (Docker secrets), and as the file
 * `$CREDENTIALS_DIRECTORY/NAME` (systemd credentials). One newline at the end of a file is not part of its value.
 */
export function environment(options: EnvironmentOptions = {}): FixedSource {
  const { env = process.env, variable } = options
  return {
    kind: 'fixed',
    name: 'the environment',
    read: () => ringFrom(name => readVariable(name, env), variableNames(variable), options),
  }
}

/** Where a variable's value comes from, for messages; undefined when it is not set. */
export function originOf(
  name: string,
  env: Readonly<Record<string, string | undefined>>,
): { kind: 'variable' | 'file'; path?: string } | undefined {
  if (env[name] !== undefined && env[name] !== '') return { kind: 'variable' }
  const named = env[`${name}_FILE`]
  if (named) return { kind: 'file', path: named }
  const folder = env.CREDENTIALS_DIRECTORY
  const credential = folder ? join(folder, name) : undefined
  return credential && existsSync(credential) ? { kind: 'file', path: credential } : undefined
}

/**
 * A variable's value, from where {@link originOf} says.
 * @throws {StoreError} ERR_STORE_DENIED, ERR_STORE_MISSING
 */
export function readVariable(
  name: string,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const origin = originOf(name, env)
  if (origin?.path === undefined) return origin && env[name]
  try {
    return readFileSync(origin.path, 'utf8').replace(/\r?\n$/, '')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT')
      throw new StoreError('ERR_STORE_MISSING', `${name}_FILE names ${origin.path}, which does not exist`)
    throw new StoreError('ERR_STORE_DENIED', `${origin.path}: ${code ?? 'cannot be read'}`)
  }
}
