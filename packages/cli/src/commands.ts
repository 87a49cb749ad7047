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
    summary: 'list, show, import, identify, retire, destroy, new-epoch',
    load: () => import('./commands/key.ts'),
  },
  {
    name: 'fleet',
    summary: 'list, watch, wait, show, forget: the instances',
    load: () => import('./commands/fleet.ts'),
  },
  { name: 'token', summary: 'inspect, verify, self-test', load: () => import('./commands/token.ts') },
  { name: 'audit', summary: 'list, show, verify: the trail', load: () => import('./commands/audit.ts') },
  {
    name: 'doctor',
    summary: 'why it will not start, log in, or verify',
    load: () => import('./commands/doctor.ts'),
  },
  { name: 'serve', summary: 'the hub: rings for a whole fleet', load: () => import('./commands/serve.ts') },
  {
    name: 'server',
    summary: "rekey, backup, restore, operator reset: on the hub's machine",
    load: () => import('./commands/server.ts'),
  },
  { name: 'login', summary: 'log in to a hub', load: () => import('./commands/login.ts') },
  { name: 'logout', summary: 'revoke the login, and forget it', load: () => import('./commands/logout.ts') },
  { name: 'whoami', summary: 'who you are at the hub', load: () => import('./commands/whoami.ts') },
  { name: 'ring', summary: 'list, create: the rings of a hub', load: () => import('./commands/ring.ts') },
  {
    name: 'access',
    summary: 'list, create, revoke: tokens of programs at a hub',
    load: () => import('./commands/access.ts'),
  },
  {
    name: 'completion',
    summary: 'completion for bash, zsh and fish',
    load: () => import('./commands/completion.ts'),
  },
  { name: 'help', summary: 'help on a command, or on all', load: () => import('./commands/help.ts') },
]
