/** A project folder of its own: configuration, `.env`, and what is in it. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { envFile } from 'keyturn/stores/env-file'
import type { Ring } from 'keyturn/ports'
import { keyturn } from './cli.ts'

export interface Project {
  readonly folder: string
  /** Its `.env`. */
  readonly file: string
}

/** Durations short enough for many rotations, and long enough for a busy machine. */
export const shortLives = { maxTokenLife: '4s', maxStale: '2s', tolerance: '0s', grace: '6s', hold: '1h' }

/** Made with `keyturn init`, in environment `test`. */
export async function makeProject(settings: Record<string, unknown> = shortLives): Promise<Project> {
  const folder = newFolder()
  const configuration = {
    application: 'immonow',
    environments: { test: { store: { type: 'env-file', path: '.env' }, ...settings } },
  }
  writeFileSync(join(folder, 'keyturn.config.json'), JSON.stringify(configuration))
  const { code, stderr } = await keyturn(['init', '-e', 'test'], { cwd: folder })
  if (code !== 0) throw new Error(`keyturn init: ${stderr}`)
  return { folder, file: join(folder, '.env') }
}

/** A second one with the same ring, at no cost. */
export function copyOf(project: Project): Project {
  const folder = newFolder()
  cpSync(project.folder, folder, { recursive: true })
  return { folder, file: join(folder, '.env') }
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-project-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** The ring as it stands in the file. */
export async function ringOf(project: Project): Promise<Ring> {
  const ring = await envFile(project.file).store.read()
  if (!ring) throw new Error('the file holds no ring')
  return ring
}

/** A variable's value, as a person would read it. */
export function valueOf(project: Project, name: string): string | undefined {
  const line = readFileSync(project.file, 'utf8')
    .split('\n')
    .find(each => each.startsWith(`${name}=`))
  return line?.slice(name.length + 1)
}

/** A person's edit: the value of one variable. */
export function paste(project: Project, name: string, value: string): void {
  const text = readFileSync(project.file, 'utf8')
  writeFileSync(project.file, text.replace(new RegExp(`^${name}=.*$`, 'm'), `${name}=${value}`))
}

/** Waits until the condition holds; fails with the last answer after a minute. */
export async function until<Value>(
  probe: () => Promise<Value> | Value,
  holds: (value: Value) => boolean,
  milliseconds = 60_000,
): Promise<Value> {
  const deadline = performance.now() + milliseconds
  for (;;) {
    const value = await probe()
    if (holds(value)) return value
    if (performance.now() > deadline)
      throw new Error(`still ${JSON.stringify(value)} after ${milliseconds} ms`)
    await new Promise(resolve => setTimeout(resolve, 25))
  }
}
