/** The documentation as text: which files it is, its code, its links, and the paths that it names. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')

/** The path of a file of the repository. */
export const absolute = (path: string): string => join(root, path)

const skipped = new Set(['node_modules', 'dist', 'dist-test', 'vectors', 'coverage'])

function markdownUnder(folder: string): readonly string[] {
  return readdirSync(absolute(folder), { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name)
    if (entry.isDirectory())
      return skipped.has(entry.name) || entry.name.startsWith('.') ? [] : markdownUnder(path)
    return entry.name.endsWith('.md') ? [path] : []
  })
}

/** Every document of the repository, by path. */
export const documents: ReadonlyMap<string, string> = new Map(
  markdownUnder('.').map(path => [path, readFileSync(absolute(path), 'utf8')]),
)

/** The text of one document. */
export function documentAt(path: string): string {
  const text = documents.get(path)
  if (text === undefined) throw new Error(`there is no document ${path}`)
  return text
}

const fence = /^(?<indent> *)(?<ticks>`{3,})(?<language>\w*)[^\n]*\n(?<body>[^]*?)^\k<indent>\k<ticks>$/gm

/** Lines of the fenced blocks for a shell, a unit file or a YAML file: where commands stand. */
function commandLines(text: string): readonly string[] {
  return [...text.matchAll(fence)]
    .filter(({ groups }) => ['sh', 'ini', 'yaml'].includes(groups?.['language'] ?? ''))
    .flatMap(({ groups }) => (groups?.['body'] ?? '').replaceAll(/\\\n\s*/g, ' ').split('\n'))
}

/** Code in running text, between single backticks. */
export const codeSpans = (text: string): readonly string[] =>
  [...text.replaceAll(fence, '').matchAll(/(?<!`)`([^`]+)`(?!`)/g)].map(([, code = '']) =>
    code.replaceAll(/\s+/g, ' ').trim(),
  )

/** Everything that a reader may type. */
export const commandsIn = (text: string): readonly string[] => [...commandLines(text), ...codeSpans(text)]

export interface Link {
  readonly target: string
  readonly anchor: string | undefined
}

/** Links that lead into the repository. */
export function relativeLinks(text: string): readonly Link[] {
  const prose = text.replaceAll(fence, '').replaceAll(/(?<!`)`[^`\n]+`(?!`)/g, 'code')
  const targets = [
    ...[...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target),
    ...[...prose.matchAll(/\b(?:src|srcset|href)="([^"]+)"/g)].map(([, target = '']) => target),
  ]
  return targets
    .filter(target => !/^[a-z]+:/i.test(target))
    .map(target => ({ target: target.split('#')[0] ?? '', anchor: target.split('#')[1] }))
}

/** The file that a link of a document leads to, relative to the root. */
export const linkedFile = (document: string, target: string): string =>
  target === '' ? document : join(dirname(document), target)

/** The anchors of a document's headings, as GitHub makes them. */
export function anchorsOf(text: string): ReadonlySet<string> {
  const headings = [...text.replaceAll(fence, '').matchAll(/^#{1,6} (.+)$/gm)].map(([, title = '']) => title)
  return new Set(
    headings.map(title =>
      title
        .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(/\s/g, '-'),
    ),
  )
}

const folders = 'packages|examples|docs|test|scripts|\\.ci'

/** Paths of the repository that a text names as code. A path with a placeholder names no file. */
export const pathsIn = (text: string): readonly string[] =>
  codeSpans(text)
    .filter(code => new RegExp(`^(?:${folders})/[\\w./*{},-]*$`).test(code))
    .filter(code => !/[<>…]/.test(code))

/** Whether something is at that path; `*` stands for one name. */
export function exists(path: string): boolean {
  const [before, ...after] = path.split('/*')
  if (after.length === 0) return existsSync(absolute(path))
  const folder = absolute(before ?? '')
  if (!existsSync(folder)) return false
  const rest = after.join('/*')
  return readdirSync(folder).some(name => exists(`${before}/${name}${rest.replace(/^[^/]*/, '')}`))
}
