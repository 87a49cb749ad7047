/** `npm test`: the tests of vitest, then those in a browser, whatever became of the first. Arguments are for vitest, which then runs alone. */
// @ts-check
import path from 'node:path'
import { run } from './test/run-in-turn.js'
import { vitestCommand } from './test/vitest-command.js'

const given = process.argv.slice(2)
const inBrowser = given.length > 0 ? [] : [[path.join(import.meta.dirname, 'test-browser.js')]]

process.exitCode = await run(vitestCommand(...given), ...inBrowser)
