/** Browser tests: real hub, real backends, real browser. `npm run test:browser` builds first. */
import { defineConfig } from '@playwright/test'
import { launchOptions } from './test/browser/chromium.ts'

const reports = process.env['KEYTURN_TEST_REPORTS']

export default defineConfig({
  testDir: 'test/browser',
  testMatch: '**/*.spec.ts',
  globalSetup: './test/browser/global-setup.ts',
  outputDir: 'test-results/failures',
  // Each has a hub, three backends and a browser of its own.
  workers: 2,
  // A test that passes at the second attempt has found something.
  retries: 0,
  forbidOnly: true,
  // What only a busy machine makes long.
  timeout: 180_000,
  expect: { timeout: 60_000 },
  reporter: [['list'], ...(reports ? [['json', { outputFile: `${reports}/playwright.json` }] as const] : [])],
  use: {
    browserName: 'chromium',
    launchOptions,
    // A trace makes every test slower, and in CI nobody opens it.
    trace: process.env['CI'] ? 'off' : 'retain-on-failure',
    screenshot: 'only-on-failure',
    actionTimeout: 60_000,
    navigationTimeout: 60_000,
  },
})
