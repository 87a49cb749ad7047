/** What the figures were measured on: date, Node, CPU, versions of the libraries. */
// @ts-check
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus } from 'node:os'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)
const names = ['fast-jwt', '@fastify/jwt', 'jsonwebtoken', 'jws', 'jose', 'hono']

/**
 * @typedef {object} Machine
 * @property {string} date
 * @property {string} node
 * @property {string} openssl
 * @property {string} platform
 * @property {string} cpu
 * @property {Record<string, string>} libraries versions by name
 */

/** @returns {Machine} */
export const describeMachine = () => ({
  date: new Date().toISOString().slice(0, 10),
  node: process.versions.node,
  openssl: process.versions.openssl,
  platform: `${process.platform} ${process.arch}`,
  cpu: `${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown'}`,
  libraries: Object.fromEntries(names.map(name => [name, installedVersion(name)])),
})

/** Of the package that is really loaded. Its package.json is looked for above its entry: not every one exports it. @param {string} name */
function installedVersion(name) {
  for (let folder = dirname(require.resolve(name)); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = readManifest(join(folder, 'package.json'))
    if (manifest?.name === name) return manifest.version
  }
  throw new Error(`${name} has no package.json`)
}

/** @param {string} file @returns {{ name: string, version: string } | undefined} */
function readManifest(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}
