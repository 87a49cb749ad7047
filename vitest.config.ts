/** Tests: `unit` beside the sources, in parallel; `system` with real processes, three files at a time. */
import { defineConfig } from 'vitest/config'
import { publishedNames } from './scripts/published-names.js'
import { LongestFirst } from './test/support/longest-first.ts'

const testFiles = ['packages/**/*.test.ts', 'examples/**/*.test.ts', 'test/**/*.test.ts']
const systemFiles = '**/test/system/**/*.test.ts'
const outputs = ['**/node_modules/**', '**/dist/**', '**/dist-test/**', '**/.demo/**']

/**
 * With KEYTURN_TESTS=fast these are left out: what takes long and depends on the version of Node least. vitest's
 * --exclude reaches no project.
 */
const slowFiles = [
  // Millions of steps of plain arithmetic.
  'packages/keyturn/test/simulation/**',
  'packages/keyturn/test/token-mutants.test.ts',
  'packages/keyturn/src/**/*-properties.test.ts',
  'packages/keyturn/src/stores/env-file/lossless-text.test.ts',
  // Databases, and other languages.
  'packages/server/test/contract/**',
  'packages/server/src/database/postgres-*',
  'packages/server/src/{backup,rekey}*',
  'packages/server/src/rings/lease-queue-order.test.ts',
  'packages/server/test/takeover.test.ts',
  'packages/keyturn/test/token-interop.test.ts',
  // One process of the command line after the other. Those of `generate` and `rotate` stay.
  'packages/cli/test/!(generate|rotate).test.ts',
  // Processes, as the reference application's system tests run them.
  'examples/immonow/backend/test/{main,hub}.test.ts',
  // What runs in a browser, and documents.
  'packages/console/**',
  'examples/immonow/web/**',
  'test/docs/**',
]
const leftOut = process.env['KEYTURN_TESTS'] === 'fast' ? slowFiles : []

export default defineConfig({
  resolve: {
    // The library under its published names is its sources, so that a test never meets two copies of a class.
    alias: [
      ...publishedNames,
      ['@keyturn/server', new URL('./packages/server/src/index.ts', import.meta.url).pathname] as const,
    ].map(([name, source]) => ({
      find: new RegExp(`^${name}$`),
      replacement: source,
    })),
  },
  test: {
    // A wait that only a busy machine makes long.
    expect: { poll: { timeout: 60_000 } },
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: testFiles,
          exclude: [...outputs, systemFiles, ...leftOut],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // Many wait for a server or a process: more of them than cores.
          maxWorkers: '150%',
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'system',
          include: [systemFiles],
          exclude: outputs,
          testTimeout: 600_000,
          hookTimeout: 120_000,
          // Each file runs several processes of its own, and most of its time it waits.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
