/** ImmoNow backends as processes of their own, on one database file. */
import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { Project } from './project.ts'

const main = fileURLToPath(new URL('../../examples/immonow/backend/dist/main.js', import.meta.url))

export interface Backend {
  readonly child: ChildProcess
  readonly pid: number
  readonly url: string
  /** Everything it printed. */
  readonly output: () => string
  readonly exited: Promise<number | null>
  /** SIGTERM, and the exit code. */
  stop(): Promise<number | null>
}

export interface BackendOptions {
  readonly env?: Record<string, string>
  /** Instead of KEYTURN_ENV_FILE. */
  readonly fixed?: boolean
}

/** Starts one and waits until it listens. @throws {Error} with what it printed, when it ends instead */
export async function startBackend(project: Project, options: BackendOptions = {}): Promise<Backend> {
  const child = spawn(process.execPath, [main], {
    cwd: project.folder,
    env: {
      PATH: process.env['PATH'],
      HOST: '127.0.0.1',
      PORT: '0',
      DATABASE_FILE: join(project.folder, 'immonow.sqlite'),
      ACCESS_TOKEN_SECONDS: '900',
      ...(!options.fixed && { KEYTURN_ENV_FILE: project.file }),
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  const exited = new Promise<number | null>(resolve => child.on('close', code => resolve(code)))
  onTestFinished(async () => {
    child.kill('SIGCONT')
    child.kill('SIGKILL')
    await exited
  })
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', () => {
      const line = text.split('\n').find(each => each.includes('"listening"') && each.endsWith('}'))
      if (line) resolve((JSON.parse(line) as { url: string }).url)
    })
    void exited.then(code => reject(new Error(`the backend ended with ${code}: ${text}`)))
  })
  return {
    child,
    pid: child.pid ?? 0,
    url,
    output: () => text,
    exited,
    stop: () => {
      child.kill('SIGTERM')
      return exited
    },
  }
}

export const startBackends = (
  project: Project,
  count: number,
  options?: BackendOptions,
): Promise<Backend[]> => Promise.all(Array.from({ length: count }, () => startBackend(project, options)))
