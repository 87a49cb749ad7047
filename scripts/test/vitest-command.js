/** vitestCommand: what runs vitest. With KEYTURN_TEST_REPORTS=FOLDER it also writes FOLDER/vitest.json. */
// @ts-check
import path from 'node:path'

const vitest = path.resolve(import.meta.dirname, '../../node_modules/vitest/vitest.mjs')
const folder = process.env.KEYTURN_TEST_REPORTS
const reporters = [
  '--no-color',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${folder}/vitest.json`,
]

/** @param {...string} given */
export const vitestCommand = (...given) => [vitest, 'run', ...(folder ? reporters : []), ...given]
