/** The table of commands: what help lists, and where each one's code is. */
import type { Command } from 'commander'

/** Adds a command's own flags and sub-commands, from its own file. Twice is once. */
export type Define = (command: Command) => Promise<void>

export interface CommandEntry {
  readonly name: string
  readonly alias?: string
  readonly summary: string
  /** Shown by `keyturn --help`; the rest by `keyturn help all`. */
  readonly isFirst?: true
  readonly load: () => Promise<{ default: (command: Command, define: Define) => void }>
}

export const commands: readonly CommandEntry[] = [
  { name: 'init', summary: 'set this project up', isFirst: true, load: () => import('./commands/init.ts') },
  {
    name: 'generate',
    alias: 'generate-jwt-secret',
    summary: 'make a secret; nothing else is touched',
    isFirst: true,
    load: () => import('./commands/generate.ts'),
  },
  {
    name: 'check',
    summary: 'every secret and file rule, for start-up and CI',
    isFirst: true,
    load: () => import('./commands/check.ts'),
  },
  {
    name: 'status',
    summary: 'keys, instances, tokens by key, schedule, audit',
    isFirst: true,
    load: () => import('./commands/status.ts'),
  },
  {
    name: 'rotate',
    summary: 'a new key, and nobody is signed out',
    isFirst: true,
    load: () => import('./commands/rotate.ts'),
  },
  {
    name: 'emergency',
    summary: 'a key leaked: act now',
    isFirst: true,
    load: () => import('./commands/emergency.ts'),
  },
  {
    name: 'rollback',
    summary: 'take the newest rotation back',
    isFirst: true,
    load: () => import('./commands/rollback.ts'),
  },
  {
    name: 'key',
    summary: 'list, show, import, identify, retire, destroy',
    load: () => import('./commands/key.ts'),
  },
  { name: 'fleet', summary: 'list, show, forget: the instances', load: () => import('./commands/fleet.ts') },
  { name: 'token', summary: 'inspect, verify, self-test', load: () => import('./commands/token.ts') },
  { name: 'audit', summary: 'list, show, verify: the trail', load: () => import('./commands/audit.ts') },
  {
    name: 'doctor',
    summary: 'why it will not start, log in, or verify',
    load: () => import('./commands/doctor.ts'),
  },
  {
    name: 'completion',
    summary: 'completion for bash, zsh and fish',
    load: () => import('./commands/completion.ts'),
  },
  { name: 'help', summary: 'help on a command, or on all', load: () => import('./commands/help.ts') },
]
