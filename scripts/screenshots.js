/** `npm run screenshots`: takes the pictures of docs/images/ anew, from a real hub, real backends and their users. */
// @ts-check
import path from 'node:path'
import { run } from './test/run-in-turn.js'

const root = path.resolve(import.meta.dirname, '..')
const playwright = path.join(root, 'node_modules/@playwright/test/cli.js')

process.exitCode = await run([
  playwright,
  'test',
  '--config',
  'playwright.screenshots.config.ts',
  ...process.argv.slice(2),
])
