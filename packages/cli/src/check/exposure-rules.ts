/** exposureRules: secrets in code, compose files and whatever else git carries away. */
import { realpathSync } from 'node:fs'
import { kidOf } from 'keyturn'
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
  readonly kid: string
  readonly form: string
}

/** Each secret as it stands, and as Kubernetes manifests and addresses write it. */
function needlesOf(secrets: readonly FoundSecret[]): readonly Needle[] {
  const texts = new Set(secrets.map(({ text }) => text).filter(text => text.length >= leastLength))
  const needles = [...texts].flatMap(text => {
    const kid = kidOf(text)
    const encoded = Buffer.from(text).toString('base64').replace(/=+$/, '')
    return [
      { text, kid, form: '' },
      { text: encoded, kid, form: ' in base64' },
      { text: encodeURIComponent(text), kid, form: ' with URL escapes' },
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
    return [
      {
        rule: 'secret-in-file' as const,
        severity: 'error' as const,
        message: `it holds the secret of the key ${needle.kid}${needle.form}`,
        remedy: `remove it, then keyturn emergency --kid ${needle.kid} if it was ever committed or shared`,
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
  const isCompose = /compose[^/]*\.ya?ml$/.test(file)
  const better = isCompose ? 'use env_file: or secrets:' : 'read it from the environment'
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

function realPath(path: string): string {
  try {
    return realpathSync.native(path)
  } catch {
    return path
  }
}
