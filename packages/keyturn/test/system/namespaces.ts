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

/** Whether this is root, without whom no other user can be played. */
export function needRoot(context: TestContext): void {
  if (process.geteuid?.() === 0) return
  const why = 'needs root, to act as other users'
  console.warn(`SKIPPED ${context.task.name}: ${why}`)
  context.skip(why)
}
