/** `npm run test:browser`: the tests in a browser. Arguments are for Playwright. */
// @ts-check
import path from 'node:path'
import { run } from './test/run-in-turn.js'

const root = path.resolve(import.meta.dirname, '..')
const isBrowserThere = process.platform === 'linux' && process.arch === 'x64'

if (process.env.CHROMIUM_PATH || isBrowserThere) {
  const playwright = path.join(root, 'node_modules/@playwright/test/cli.js')
  process.exitCode = await run([playwright, 'test', ...process.argv.slice(2)])
} else {
  process.stderr.write(
    [
      '',
      `SKIPPED: the tests in a browser. npm has none for ${process.platform} on ${process.arch}.`,
      '         Set CHROMIUM_PATH to the program of a Chromium or Chrome of this machine, and run: npm run test:browser',
      '',
      '',
    ].join('\n'),
  )
}
