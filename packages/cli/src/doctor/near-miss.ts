/** nearMisses: variables whose names are almost right, so that nobody reads them. */
import type { EnvFile } from 'keyturn/stores/env-file'
import { nearest } from '../nearest.ts'
import { activeIn, lineAt, type SecretSource, type Sources } from '../secret-sources.ts'
import { error, warning, type Item } from './diagnosis.ts'

/** Names that other libraries use, in capitals. */
const variants = new Set([
  'JWT_SECRET',
  'JWT_SECRETS',
  'JWT_KEY',
  'JWT_SECRET_KEY',
  'JWT_SIGNING_KEY',
  'JWT_SIGNING_SECRET',
  'JWTSECRET',
  'JWT_TOKEN_SECRET',
  'ACCESS_TOKEN_SECRET',
  'TOKEN_SECRET',
  'AUTH_SECRET',
  'SECRET_KEY',
  'SECRET',
])

export function nearMisses({ environment, file }: Sources, names: EnvFile['names']): readonly Item[] {
  const ring = Object.values({ ...names })
  const known = [...ring, ...ring.map(name => `${name}_FILE`), 'KEYTURN_ENV_FILE']
  const isSet = [environment, file].some(source => source && activeIn(source) !== undefined)
  return [environment, ...(file ? [file] : [])].flatMap(source =>
    [...source.variables.keys()].flatMap(name => {
      const meant = meantBy(name, known, names.active)
      if (meant === undefined) return []
      const isVariant = variants.has(name.toUpperCase())
      if (isSet && isVariant) return []
      const message = `${name} in ${placeOf(source, name)} is not read; ${meant} is`
      return [(isSet ? warning : error)('names', message, `rename it to ${meant}`)]
    }),
  )
}

function meantBy(name: string, known: readonly string[], active: string): string | undefined {
  if (known.includes(name)) return undefined
  const near = nearest(name.toUpperCase(), known)
  if (near !== undefined) return near
  if (variants.has(name.toUpperCase())) return active
  // JWT_SECRET_KEY_OLD: meant for a list that has another name.
  return name.startsWith(`${active}_`) ? `${active}_PREVIOUS` : undefined
}

function placeOf(source: SecretSource, name: string): string {
  const found = source.assignments.findLast(each => each.name === name)
  return found ? `${source.name}:${lineAt(source.text, found.start)}` : source.name
}
