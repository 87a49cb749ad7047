/** shownPath: a path as people write it from here. */
import { isAbsolute, relative } from 'node:path'

/** Relative to the current folder for what lies inside it. */
export function shownPath(path: string): string {
  const short = relative(process.cwd(), path)
  return short === '' || short.startsWith('..') || isAbsolute(short) ? path : short
}
