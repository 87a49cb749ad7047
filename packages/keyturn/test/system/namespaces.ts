/** inMounts, inProcesses: a worker in namespaces of its own, so that no mount leaks out of the test. */
import { spawnSync } from 'node:child_process'
import type { TestContext } from 'vitest'

const command = 'unshare'
const tries = { mounts: ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], processes: ['-p', '-f', 'true'] }

/** Skips the test, and says why, where the system does not let it make namespaces. */
export function needNamespaces(context: TestContext, kind: keyof typeof tries): void {
  const { status, error, stderr } = spawnSync(command, tries[kind], { encoding: 'utf8' })
  if (status === 0) return
  const why = `needs root and namespaces: ${command} ${tries[kind].join(' ')}: ${error?.message ?? stderr.trim()}`
  console.warn(`SKIPPED ${context.task.name}: ${why}`)
  context.skip(why)
}

/** Runs a worker where the shell commands have been run before it, in a mount namespace. */
export const inMounts = (commands: string): [command: string, ...args: string[]] => [
  command,
  '-m',
  'sh',
  '-ec',
  `${commands}\nexec "$@"`,
  'sh',
]

/** Skips the test, and says why, unless this is root and other users can run Node and read the built library. */
export function needOtherUsers(context: TestContext): void {
  const why = process.geteuid?.() === 0 ? whyOthersCannotRun() : 'needs root, to act as other users'
  if (why === undefined) return
  console.warn(`SKIPPED ${context.task.name}: ${why}`)
  context.skip(why)
}

/** A checkout or a Node in somebody's closed home is nobody else's. */
function whyOthersCannotRun(): string | undefined {
  const read = `require('node:fs').accessSync(${JSON.stringify(import.meta.filename)})`
  const { status, error } = spawnSync(process.execPath, ['-e', read], { uid: 65_534, gid: 65_534, cwd: '/' })
  return status === 0
    ? undefined
    : `other users cannot run Node or read this folder: ${error?.message ?? status}`
}
