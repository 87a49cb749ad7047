/** Tests: `unit` beside the sources, in parallel; `system` with real processes, two files at a time. */
import { defineConfig } from 'vitest/config'
import { publishedNames } from './scripts/published-names.js'

const testFiles = ['packages/**/*.test.ts', 'examples/**/*.test.ts', 'test/**/*.test.ts']
const systemFiles = '**/test/system/**/*.test.ts'
const outputs = ['**/node_modules/**', '**/dist/**', '**/dist-test/**', '**/.demo/**']

/** What takes longest and depends on Node least: with KEYTURN_TESTS=fast it is left out. vitest's --exclude reaches no project. */
const slowFiles = [
  'packages/keyturn/test/simulation/**',
  'packages/server/test/contract/*postgres*',
  'packages/server/src/database/postgres-*',
  'packages/server/src/backup*',
  'packages/cli/test/hub-*',
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
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: testFiles,
          exclude: [...outputs, systemFiles, ...leftOut],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: '100%',
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
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
