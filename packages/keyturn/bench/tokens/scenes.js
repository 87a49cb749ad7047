/** All scenes by name, in the order in which they run. */
// @ts-check
import * as oneKey from './one-key-scenes.js'
import * as refusal from './refusal-scenes.js'
import * as ring from './ring-scenes.js'
import * as variety from './variety-scenes.js'

/** @typedef {import('./scene.js').Scene} Scene */
/** @typedef {Exclude<import('./options.js').Part, 'cost-bounds'>} SceneName */

/** @type {Record<SceneName, () => Scene | Promise<Scene>>} */
export const scenes = {
  verify: oneKey.verify,
  sign: oneKey.sign,
  ring: ring.ring,
  'ring-size': ring.ringSize,
  'no-kid': ring.noKid,
  refuse: refusal.refuse,
  cache: oneKey.cache,
  async: oneKey.asynchronous,
  sizes: variety.sizes,
  shapes: variety.shapes,
}
