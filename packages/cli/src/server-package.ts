/** loadServer: the package of the hub, where it is installed. The command line works without it. */
import { KeyturnError } from 'keyturn'
import type { RotationContext } from 'keyturn/rotation'
import type { UsedToken } from './desk/ring-desk.ts'

/** What a hub is started with. */
export interface ServeOptions {
  readonly host: string
  readonly port: number
  /** Folder of the embedded database, the master key, and the like. */
  readonly data: string
  /** Paths of PEM files. */
  readonly tlsCert?: string
  readonly tlsKey?: string
  readonly insecureHttp?: boolean
  readonly env: Readonly<Record<string, string | undefined>>
  /** pino's level. */
  readonly logLevel: string
}

export interface RunningHub {
  readonly url: string
  /** For the first operator, once. */
  readonly setupLink?: string
  close(): Promise<void>
}

export interface OfflineOptions {
  readonly data: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Makes an embedded database where there is none. */
  readonly create: boolean
}

interface ChangedEpoch {
  readonly ring: string
  readonly epoch: number
  readonly generation: number
}

/** A hub's database without its hub. */
export interface OfflineHub {
  contextOf(ring: string, actor: string): RotationContext
  rings(): Promise<readonly string[]>
  /** The access tokens of the instances of a ring, ended if that is asked for. */
  tokensInUse(request: {
    readonly ring: string
    readonly actor: string
    readonly revoke: boolean
  }): Promise<readonly UsedToken[]>
  rekey(): Promise<{ readonly rings: number }>
  backup(path: string): Promise<{ readonly rings: number; readonly rows: number }>
  restore(
    path: string,
    options: { readonly compromised?: readonly string[]; readonly actor: string },
  ): Promise<readonly ChangedEpoch[]>
  /** Returns the path of a one-time link. */
  resetOperator(name: string): Promise<{ readonly path: string }>
  close(): Promise<void>
}

export interface ServerPackage {
  serve(options: ServeOptions): Promise<RunningHub>
  openOffline(options: OfflineOptions): Promise<OfflineHub>
}

export const defaultData = './keyturn-data'

/** Not a literal: the compiler looks for no package that may not be there. */
const packageName: string = '@keyturn/server'

/** @throws {KeyturnError} ERR_HUB_NOT_INSTALLED */
export async function loadServer(): Promise<ServerPackage> {
  try {
    return (await import(packageName)) as ServerPackage
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    // Something that the package itself lacks is another fault.
    if (code === 'ERR_MODULE_NOT_FOUND' && message.includes(`'${packageName}'`))
      throw new KeyturnError('ERR_HUB_NOT_INSTALLED', `${packageName} is not installed`)
    throw error
  }
}
