/** What `npm run test:faults` runs: the hub's tests with real processes, and those that need more than npm installs. */
import { defineConfig } from 'vitest/config'
import base from './vitest.config.ts'

export default defineConfig({
  ...(base.resolve && { resolve: base.resolve }),
  test: {
    include: ['test/system/hub/**/*.test.ts', 'test/faults/**/*.faults.ts'],
    // 100 rounds, 50 rotations, and silences of minutes.
    testTimeout: 1_200_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
})
