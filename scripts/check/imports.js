/** Import rules: dependency-cruiser over the packages, and one planted violation of each rule. */
// @ts-check
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { bin, root, run } from './run.js'

const rulesFile = path.join(root, '.dependency-cruiser.cjs')

/** @type {{ forbidden: { name: string, comment: string }[] }} */
const rules = createRequire(import.meta.url)(rulesFile)

/** @typedef {{ totalCruised: number, violations: { from: string, to: string, rule: { name: string } }[] }} Summary */

/**
 * @param {string} folder
 * @param {string[]} targets
 * @returns {Promise<Summary>}
 */
async function cruise(folder, targets) {
  const { stdout, stderr } = await run(
    bin('depcruise'),
    ['--config', rulesFile, '-T', 'json', ...targets],
    folder,
  )
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout).summary
}

/** @returns {Promise<string[]>} problems */
export async function importRules() {
  const { totalCruised, violations } = await cruise(root, ['packages', 'examples'])
  // Without a compiler that it knows, dependency-cruiser sees no module and is content.
  if (totalCruised <= 20) return [`only ${totalCruised} modules were seen`]
  return violations.map(({ from, to, rule }) => {
    const comment = rules.forbidden.find(({ name }) => name === rule.name)?.comment
    return `${from} imports ${to}: ${comment} (${rule.name})`
  })
}

/**
 * A file and its content that violate a rule, by the rule's name.
 * @type {Record<string, [file: string, content: string]>}
 */
const planted = {
  'library-secret': ['packages/keyturn/src/secret/a.ts', "import '../ring/document.ts'"],
  'library-ring': ['packages/keyturn/src/ring/a.ts', "import '../token/token.ts'"],
  'library-ring-node': ['packages/keyturn/src/ring/b.ts', "import 'node:crypto'"],
  'library-token': ['packages/keyturn/src/token/a.ts', "import type { Store } from '../stores/env.ts'"],
  'library-token-node': ['packages/keyturn/src/token/b.ts', "import 'node:fs'"],
  'library-ports': ['packages/keyturn/src/ports/a.ts', "import '../stores/env.ts'"],
  'library-rotation': ['packages/keyturn/src/rotation/a.ts', "import '../stores/env.ts'"],
  'library-stores': ['packages/keyturn/src/stores/a.ts', "import '../token/token.ts'"],
  'library-stores-apart': ['packages/keyturn/src/stores/env-file/a.ts', "import '../env.ts'"],
  'library-keyring': ['packages/keyturn/src/keyring/a.ts', "import '../adapters/fastify.ts'"],
  'library-index': ['packages/keyturn/src/keyring/b.ts', "import '../index.ts'"],
  'library-packages': ['packages/keyturn/src/token/c.ts', "import type { Plugin } from 'esbuild'"],
  'library-adapters': ['packages/keyturn/src/adapters/a.ts', "import 'esbuild'"],
  'library-alone': ['packages/keyturn/src/keyring/c.ts', "import '../../../cli/src/main.ts'"],
  'cli-published-names': ['packages/cli/src/a.ts', "import '../../keyturn/src/index.ts'"],
  'cli-packages': ['packages/cli/src/b.ts', "import 'esbuild'"],
  'server-published-names': ['packages/server/src/a.ts', "import '../../keyturn/src/index.ts'"],
  'cli-server': ['packages/cli/src/server-package.ts', "import '@keyturn/server'"],
  'cli-server-one-door': ['packages/cli/src/c.ts', "await import('@keyturn/server')"],
  'examples-published-names': ['examples/a.ts', "import '../packages/keyturn/src/index.ts'"],
  'no-tests': ['packages/keyturn/src/ring/c.ts', "import './document.test.ts'"],
  'no-cycles': ['packages/keyturn/src/ring/d.ts', "import './cycle.ts'"],
  'no-unresolvable': ['packages/cli/src/d.ts', "import 'no-such-package'"],
}

/** Files that the planted ones import. */
const targets = {
  'package.json': '{ "type": "module" }',
  'packages/keyturn/src/index.ts': '',
  'packages/keyturn/src/ring/document.ts': '',
  'packages/keyturn/src/ring/document.test.ts': '',
  'packages/keyturn/src/ring/cycle.ts': "import './d.ts'",
  'packages/keyturn/src/token/token.ts': '',
  'packages/keyturn/src/stores/env.ts': 'export interface Store {}',
  'packages/keyturn/src/adapters/fastify.ts': '',
  'packages/cli/src/main.ts': '',
}

/** @returns {Promise<string[]>} problems */
export async function importRulesBite() {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'keyturn-imports-'))
  try {
    for (const [file, content] of [...Object.entries(targets), ...Object.values(planted)]) {
      await mkdir(path.dirname(path.join(folder, file)), { recursive: true })
      await writeFile(path.join(folder, file), content)
    }
    await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'))
    const { violations } = await cruise(folder, ['packages', 'examples'])
    const missed = Object.entries(planted).filter(
      ([name, [file]]) =>
        !violations.some(({ rule, from, to }) => rule.name === name && (from === file || to === file)),
    )
    const untested = rules.forbidden.filter(({ name }) => !(name in planted))
    return [
      ...missed.map(([name, [file]]) => `no violation of ${name} was found in ${file}`),
      ...untested.map(({ name }) => `${name} has no planted violation`),
    ]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
