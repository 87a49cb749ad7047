/** run: scripts of Node one after the other, each to its end. The exit code is that of the first that failed. */
// @ts-check
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '../..')

/**
 * @param {...string[]} scripts with their arguments
 * @returns {Promise<number>}
 */
export async function run(...scripts) {
  let failed = 0
  /** @type {NodeJS.Signals | undefined} */
  let stopped
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let child
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => {
      // Both runners tidy up after SIGINT only. A terminal has sent it to them already.
      if (!stopped && !(signal === 'SIGINT' && process.stdin.isTTY)) child?.kill('SIGINT')
      stopped ??= signal
    })
  for (const script of scripts) {
    if (stopped) break
    child = spawn(process.execPath, script, { cwd: root, stdio: 'inherit' })
    const code = await ended(child)
    failed ||= code
  }
  return stopped ? 128 + constants.signals[stopped] : failed
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number>} its exit code; 1 when a signal ended it, or it did not start
 */
const ended = child =>
  new Promise(resolve => {
    child.on('error', error => {
      process.stderr.write(`${error.message}\n`)
      resolve(1)
    })
    child.on('exit', code => resolve(code ?? 1))
  })
