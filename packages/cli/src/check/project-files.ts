/** projectFiles: the files of a project that secrets end up in by mistake. */
import { spawnSync } from 'node:child_process'
import { lstatSync, readdirSync, readFileSync, type Dirent } from 'node:fs'
import { basename, extname, join } from 'node:path'

export interface ProjectFiles {
  /** Absolute paths. */
  readonly paths: readonly string[]
  /** There were more than are looked at. */
  readonly isCut: boolean
}

const mostFiles = 10_000
const mostFolders = 2_000
const mostBytes = 1_048_576

const skippedFolders = new Set(['node_modules', 'vendor', 'dist', 'build', 'coverage', '__pycache__', 'venv'])
const locks = new Set([
  'package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'bun.lock',
  'poetry.lock',
  'uv.lock',
  'Cargo.lock',
  'composer.lock',
  'go.sum',
])
/** Without git: what usually holds code and configuration. Other `.env` files are where secrets belong. */
const usual = new Set(
  '.ts .tsx .mts .cts .js .jsx .mjs .cjs .py .rb .go .php .java .kt .cs .rs .yml .yaml .json .toml .ini .sh .tf'.split(
    ' ',
  ),
)

/** What git tracks or would take into the next commit; without git the usual kinds of files. */
export function projectFiles(root: string): ProjectFiles {
  const all = (gitFiles(root) ?? walk(root)).filter(path => !isSkipped(path))
  return { paths: all.slice(0, mostFiles).map(path => join(root, path)), isCut: all.length > mostFiles }
}

function gitFiles(root: string): string[] | undefined {
  const arguments_ = ['-C', root, 'ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const { status, stdout } = spawnSync('git', arguments_, { encoding: 'utf8', maxBuffer: 64 << 20 })
  return status === 0 ? [...new Set(stdout.split('\0'))].filter(path => path !== '') : undefined
}

function walk(root: string): string[] {
  const found: string[] = []
  const waiting = ['']
  for (let looked = 0; waiting.length > 0 && looked < mostFolders && found.length <= mostFiles; looked += 1) {
    const folder = waiting.shift() ?? ''
    for (const entry of entriesOf(join(root, folder))) {
      const path = join(folder, entry.name)
      if (entry.isDirectory() && !entry.name.startsWith('.') && !skippedFolders.has(entry.name))
        waiting.push(path)
      if (entry.isFile() && isUsual(entry.name)) found.push(path)
    }
  }
  return found
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}

const isUsual = (name: string): boolean =>
  usual.has(extname(name)) || /^(Docker|Container)file|^\.env.*\.(example|sample|template|dist)$/i.test(name)

const isSkipped = (path: string): boolean =>
  locks.has(basename(path)) || path.split('/').includes('node_modules') || path.endsWith('.map')

/** The text; undefined for what is no file, too long, binary, or not to be read. */
export function readProjectFile(path: string): string | undefined {
  try {
    const stats = lstatSync(path)
    if (!stats.isFile() || stats.size > mostBytes) return undefined
    const bytes = readFileSync(path)
    return bytes.subarray(0, 8192).includes(0) ? undefined : bytes.toString('utf8')
  } catch {
    return undefined
  }
}
