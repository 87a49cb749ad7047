/** exposureRules: secrets in code, compose files and whatever else git carries away. */
import { realpathSync } from 'node:fs'
import { kidToShow } from '../key-name.ts'
import { lineAt, type FoundSecret } from '../secret-sources.ts'
import { shownPath } from '../shown-path.ts'
import { assignmentsIn } from './assignments.ts'
import type { Finding } from './finding.ts'
import { projectFiles, readProjectFile } from './project-files.ts'

export interface Exposure {
  readonly findings: readonly Finding[]
  /** How many files were looked at. */
  readonly files: number
  readonly isCut: boolean
}

export interface ExposureRequest {
  /** The project's folder. */
  readonly root: string
  /** Of every ring that is known here. */
  readonly secrets: readonly FoundSecret[]
  readonly variables: readonly string[]
  /** Files that are meant to hold secrets. */
  readonly except: readonly string[]
}

const mostPerFile = 10
/** Shorter texts stand in files by chance. */
const leastLength = 16

export function exposureRules(request: ExposureRequest): Exposure {
  const { paths, isCut } = projectFiles(request.root)
  const needles = needlesOf(request.secrets)
  const except = new Set(request.except.map(realPath))
  let files = 0
  const findings = paths.flatMap(path => {
    if (except.has(realPath(path))) return []
    const text = readProjectFile(path)
    if (text === undefined) return []
    files += 1
    const values = valuesIn(path, text, needles)
    const lines = new Set(values.map(({ line }) => line))
    const assigned = assignmentsIn(path, text, request.variables).filter(({ line }) => !lines.has(line))
    return [...values, ...assigned.map(({ line, variable }) => ofAssignment(path, line, variable))].slice(
      0,
      mostPerFile,
    )
  })
  return { findings, files, isCut }
}

interface Needle {
  readonly text: string
  /** Undefined for a weak one. */
  readonly kid: string | undefined
  readonly variable: string
  readonly form: string
}

/** Each secret as it stands, and as Kubernetes manifests and addresses write it. */
function needlesOf(secrets: readonly FoundSecret[]): readonly Needle[] {
  const texts = new Map(secrets.map(({ text, variable }) => [text, variable]))
  const needles = [...texts].flatMap(([text, variable]) => {
    if (text.length < leastLength) return []
    const kid = kidToShow(text)
    const encoded = Buffer.from(text).toString('base64').replace(/=+$/, '')
    return [
      { text, kid, variable, form: '' },
      { text: encoded, kid, variable, form: ' in base64' },
      { text: encodeURIComponent(text), kid, variable, form: ' with URL escapes' },
    ]
  })
  const seen = new Set<string>()
  return needles.filter(({ text }) => !seen.has(text) && seen.add(text))
}

function valuesIn(
  path: string,
  text: string,
  needles: readonly Needle[],
): readonly (Finding & { line: number })[] {
  return needles.flatMap(needle => {
    const at = text.indexOf(needle.text)
    if (at < 0) return []
    const { kid, variable, form } = needle
    return [
      {
        rule: 'secret-in-file' as const,
        severity: 'error' as const,
        message: `it holds the secret of ${kid === undefined ? variable : `the key ${kid}`}${form}`,
        remedy: `remove it; if it was ever committed or shared, keyturn emergency${kid === undefined ? '' : ` --kid ${kid}`}`,
        file: shownPath(path),
        line: lineAt(text, at),
      },
    ]
  })
}

function ofAssignment(path: string, line: number, variable: string): Finding {
  const file = shownPath(path)
  const isTest =
    /(^|\/)(tests?|__tests__|spec|fixtures?|testdata)\/|[._](test|spec)\.\w+$|(^|\/)(test_|conftest)/.test(
      file,
    )
  const better = betterFor(file)
  return {
    rule: 'secret-assigned',
    severity: isTest ? 'warning' : 'error',
    message: isTest
      ? `${variable} is given a literal value in a test`
      : `${variable} is written into the file`,
    remedy: isTest ? 'make one for each run: generateSecret()' : `${better}; if it was in use, rotate it`,
    file,
    line,
  }
}

function betterFor(file: string): string {
  if (/compose[^/]*\.ya?ml$/.test(file)) return 'use env_file: or secrets:'
  if (/(^|\/)\.env[^/]*$/.test(file)) return `git would carry ${file} away: git rm --cached it, and ignore it`
  return 'read it from the environment'
}

function realPath(path: string): string {
  try {
    return realpathSync.native(path)
  } catch {
    return path
  }
}
