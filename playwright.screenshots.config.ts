/** The pictures of docs/images/: taken with the same world as the tests. `npm run screenshots`. */
import { defineConfig } from '@playwright/test'
import tests from './playwright.config.ts'

export default defineConfig({
  ...tests,
  testMatch: '**/*.screenshots.ts',
  workers: 1,
  reporter: 'list',
})
