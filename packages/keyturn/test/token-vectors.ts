/** Reads the published vectors beside this file. */
import { readFileSync } from 'node:fs'

/** Path of a file or folder under `vectors/`. */
export const vectorPath = (name: string): URL => new URL(`vectors/${name}`, import.meta.url)

/** A parsed JSON file under `vectors/`. The caller names its shape. */
export const readVector = <Shape>(name: string): Shape =>
  JSON.parse(readFileSync(vectorPath(name), 'utf8')) as Shape
