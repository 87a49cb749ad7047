/** The token bench under several versions of Node, which are installed from npm for that purpose. */
// @ts-check
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** @typedef {import('./bench-tokens.js').Run} Run */
/** @typedef {'SIGINT' | 'SIGTERM'} Signal */

const main = fileURLToPath(new URL('../main.js', import.meta.url))

/** Ended by a signal: after Ctrl-C nobody wants to read an error. */
class Interrupted extends Error {
  /** @param {Signal} signal */
  constructor(signal) {
    super(signal)
    this.exitCode = 128 + constants.signals[signal]
  }
}

/**
 * @param {import('./options.js').TokenOptions} options
 * @returns {Promise<Run[]>}
 * @throws {Interrupted} on Ctrl-C, after the temporary folder is removed
 */
export async function benchUnderNodes({ nodes, quick, only, markdown }) {
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-bench-'))
  try {
    await install(folder, nodes)
    const runs = []
    for (const major of nodes) {
      const json = join(folder, `${major}.json`)
      const flags = [...(quick ? ['--quick'] : []), ...(markdown ? ['--markdown'] : [])]
      const args = [main, 'tokens', '--only', only.join(), '--json', json, ...flags]
      await run(join(folder, 'node_modules', `node${major}`, 'bin', 'node'), args)
      const [one] = /** @type {[Run]} */ (JSON.parse(readFileSync(json, 'utf8')))
      runs.push(one)
    }
    return runs
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

/** @param {string} folder @param {readonly string[]} majors */
function install(folder, majors) {
  const packages = majors.map(major => `node${major}@npm:node-${process.platform}-${process.arch}@${major}`)
  const quiet = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  return run('npm', ['install', '--prefix', folder, ...quiet, ...packages], { quiet: true })
}

/**
 * Waits until the command has ended, also when it is a signal that ends it: only then is the folder at rest.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ quiet?: boolean }} [options] quiet: it is heard only when it fails
 * @returns {Promise<void>}
 */
function run(command, args, { quiet = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: quiet ? 'pipe' : ['ignore', 'inherit', 'inherit'] })
    let complaints = ''
    child.stderr?.on('data', data => (complaints += data))
    child.stdout?.resume()
    /** @type {Signal | undefined} */
    let received
    const stop = (/** @type {Signal} */ signal) => {
      received = signal
      child.kill(signal)
    }
    process.on('SIGINT', stop).on('SIGTERM', stop)
    child.on('error', reject)
    child.on('close', (code, signal) => {
      process.off('SIGINT', stop).off('SIGTERM', stop)
      if (received !== undefined) reject(new Interrupted(received))
      else if (code === 0) resolve()
      else reject(new Error(`${command} ended with ${signal ?? `exit code ${code}`}\n${complaints}`.trim()))
    })
  })
}
