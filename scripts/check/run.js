/** Runs a tool of node_modules and keeps what it says. */
// @ts-check
import { spawn } from 'node:child_process'
import path from 'node:path'

/** Folder of the repository. */
export const root = path.resolve(import.meta.dirname, '../..')

/**
 * @param {string} name
 * @returns {string} path of a bin
 */
export const bin = name => path.join(root, 'node_modules/.bin', name)

/**
 * @param {string} command
 * @param {string[]} args
 * @param {string} [cwd]
 * @returns {Promise<{ code: number | null, stdout: string, stderr: string }>}
 */
export function run(command, args, cwd = root) {
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', NO_UPDATE_NOTIFIER: '1' }
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', text => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', text => (stderr += text))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', code => resolve({ code, stdout, stderr }))
  })
}

/**
 * A check that is a tool: what it says when its exit code is not 0.
 * @param {string} name
 * @param {...string} args
 * @returns {() => Promise<string[]>}
 */
export const tool =
  (name, ...args) =>
  async () => {
    const { code, stdout, stderr } = await run(bin(name), args)
    return code === 0 ? [] : [(stdout + stderr).trim() || `${name} ended with ${code}`]
  }
