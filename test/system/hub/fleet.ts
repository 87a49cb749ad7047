/** startFleet: ImmoNow backends on a ring, and people who are signed in at them. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { startBackend, type Backend } from '../../support/backends.ts'
import type { TestRing } from '../../support/ring-of-hub.ts'
import type { Project } from '../../support/project.ts'
import { Visitor } from '../../support/visitor.ts'

/** An empty folder. Gone when the test ends. */
export function emptyProject(): Project {
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-fleet-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return { folder, file: join(folder, '.env') }
}

export interface FleetOptions {
  /** Shared by backends of one service. @default one of their own */
  readonly project?: Project
  /** Beside what names the ring. */
  readonly env?: Record<string, string>
}

/** One backend for each address of the hub. */
export function startFleet<const Urls extends readonly string[]>(
  ring: TestRing,
  urls: Urls,
  { project = emptyProject(), env = {} }: FleetOptions = {},
): Promise<{ [Index in keyof Urls]: Backend }> {
  const started = urls.map(url => startBackend(project, { fixed: true, env: { ...ring.env(url), ...env } }))
  return Promise.all(started) as Promise<{ [Index in keyof Urls]: Backend }>
}

export async function signedIn({ url }: Backend): Promise<Visitor> {
  const visitor = new Visitor()
  await visitor.register(url)
  const { status, body } = await visitor.login(url)
  if (status !== 200) throw new Error(`login: ${status} ${JSON.stringify(body)}`)
  return visitor
}
