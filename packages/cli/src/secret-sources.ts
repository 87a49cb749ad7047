/** Where a ring's variables have values: the environment of this process, and the file. */
import { readFileSync } from 'node:fs'
import { KeyturnError } from 'keyturn'
import { originOf, readVariable } from 'keyturn/stores/env'
import { parseDotenv, type Assignment, type EnvFile } from 'keyturn/stores/env-file'
import { shownPath } from './shown-path.ts'
import type { GlobalFlags } from './output.ts'
import type { FileTarget } from './target.ts'

/** Which key of the ring a value is. */
export type Role = 'active' | 'staged' | 'retiring' | 'suspended' | 'legacy'

/** One secret and where it stands. The text is checked and compared, never shown. */
export interface FoundSecret {
  readonly role: Role
  readonly variable: string
  readonly text: string
  /** Shown path of the file that holds it; absent for a plain variable. */
  readonly file?: string
  readonly line?: number
}

export interface SecretSource {
  readonly kind: 'environment' | 'file'
  /** `the environment`, or the file's shown path. */
  readonly name: string
  readonly secrets: readonly FoundSecret[]
  /** Names of all variables with a value. */
  readonly variables: ReadonlyMap<string, string>
  /** The file's assignments and text; empty for the environment. */
  readonly assignments: readonly Assignment[]
  readonly text: string
  /** A variable that names a file which cannot be read. */
  readonly problem?: KeyturnError
}

export interface Sources {
  readonly environment: SecretSource
  /** Undefined when there is no such file. */
  readonly file?: SecretSource
  /** Which of them an application started like this command would take; undefined when neither holds a secret. */
  readonly used?: SecretSource
  /** A file was named: by a flag, or by KEYTURN_ENV_FILE. */
  readonly isFileNamed: boolean
}

/** Reads both. @throws {StoreError} when the file cannot be read */
export function secretSources(target: FileTarget, flags: GlobalFlags): Sources {
  const environment = environmentSource(target.file.names)
  const file = fileSource(target.file)
  const isFileNamed =
    flags.file !== undefined || flags.environment !== undefined || Boolean(process.env['KEYTURN_ENV_FILE'])
  const order = isFileNamed ? [file] : [environment, file]
  const used = order.find(source => source && activeIn(source) !== undefined)
  return { environment, ...(file && { file }), ...(used && { used }), isFileNamed }
}

export const activeIn = (source: SecretSource): FoundSecret | undefined =>
  source.secrets.find(({ role }) => role === 'active')

/** The ring's variables of this process. */
export function environmentSource(names: EnvFile['names']): SecretSource {
  let problem: KeyturnError | undefined
  const read = (name: string): string | undefined => {
    try {
      return readVariable(name, process.env)
    } catch (error) {
      if (!(error instanceof KeyturnError)) throw error
      problem ??= error
      return undefined
    }
  }
  const secrets = secretsOf(names, read, name => {
    const path = originOf(name, process.env)?.path
    return path === undefined ? {} : { file: shownPath(path) }
  })
  const set = Object.entries(process.env).flatMap(([name, value]) => (value ? [[name, value] as const] : []))
  return {
    kind: 'environment',
    name: 'the environment',
    secrets,
    variables: new Map(set),
    assignments: [],
    text: '',
    ...(problem && { problem }),
  }
}

function fileSource({ path, names }: EnvFile): SecretSource | undefined {
  const text = readText(path)
  if (text === undefined) return undefined
  const assignments = parseDotenv(text)
  const variables = new Map(assignments.map(({ name, value }) => [name, value]))
  const file = shownPath(path)
  const placeOf = (name: string): { file: string; line?: number } => {
    const found = assignments.findLast(each => each.name === name)
    return { file, ...(found && { line: lineAt(text, found.start) }) }
  }
  const secrets = secretsOf(names, name => variables.get(name), placeOf)
  return { kind: 'file', name: file, secrets, variables, assignments, text }
}

/** Undefined for a file that is not there; one that cannot be read is the store's to explain. */
function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** From 1. */
export const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length

function secretsOf(
  names: EnvFile['names'],
  read: (name: string) => string | undefined,
  placeOf: (name: string) => { file?: string; line?: number },
): readonly FoundSecret[] {
  const roles = ['active', 'staged', 'retiring', 'suspended', 'legacy'] as const
  return roles.flatMap(role => {
    const variable = names[role]
    const value = read(variable)
    if (value === undefined || value === '') return []
    const isList = role === 'retiring' || role === 'suspended'
    const texts = isList ? value.split(',').filter(each => each.trim() !== '') : [value]
    const place = placeOf(variable)
    return texts.map(text => ({ role, variable, text: isList ? unescaped(text, role) : text, ...place }))
  })
}

/** A suspended secret that was adopted can hold commas, so it is written escaped. */
function unescaped(text: string, role: Role): string {
  const trimmed = text.trim()
  if (role !== 'suspended') return trimmed
  try {
    return decodeURIComponent(trimmed)
  } catch {
    return trimmed
  }
}
