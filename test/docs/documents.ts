/** The documentation as text: which files it is, its code, its links, and the paths that it names. */
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')

/** The path of a file of the repository. */
export const absolute = (path: string): string => join(root, path)
