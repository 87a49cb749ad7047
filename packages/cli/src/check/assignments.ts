/** assignmentsIn: lines that give a secret's variable a literal value. */
import { basename, extname } from 'node:path'
import { checkSecret } from 'keyturn'

/** How a kind of file writes a literal. */
type Kind = 'code' | 'plain'

const code = new Set(
  '.ts .tsx .mts .cts .js .jsx .mjs .cjs .py .rb .go .php .java .kt .cs .rs .json .json5'.split(' '),
)
const plain = new Set(
  '.yml .yaml .toml .ini .conf .properties .env .sh .bash .service .tf .tfvars .hcl'.split(' '),
)

/** Lines, from 1, and whether the file is a test's. */
export interface Assigned {
  readonly line: number
  readonly variable: string
}

const least = 16

/** @param variables that hold secrets in this ring */
export function assignmentsIn(path: string, text: string, variables: readonly string[]): readonly Assigned[] {
  const kind = kindOf(path)
  if (!kind) return []
  const names = [
    ...variables.map(escape),
    'JWT_SECRET(?:_KEY)?',
    'jwt_?secret(?:_?key)?',
    'jwtSecret(?:Key)?',
  ]
  const name = `(?<![\\w-])(${[...new Set(names)].join('|')})(?![\\w-])`
  const quoted = `(["'\`])((?:(?!\\2)[^\\s\\\\]){${least},})\\2`
  // Between them: `'NAME'] = `, `NAME") or `, `NAME: str = `, `NAME ?? `, `NAME', `.
  const between = `["'\`]?[\\])]?\\s*(?::\\s*\\w+\\s*=|:=|[:=,]|\\?\\?=?|\\|\\|=?|\\bor\\b)\\s*`
  const patterns = [new RegExp(`${name}${between}${quoted}`, 'g')]
  if (kind === 'plain') {
    const bare = `()([\\w+/=.-]{${least},})`
    patterns.push(
      new RegExp(`${name}["']?[ \\t]*(?:[:=]|:-|[ \\t])[ \\t]*${bare}`, 'g'),
      // Kubernetes: a name on one line, its value on the next.
      new RegExp(`name:[ \\t]*["']?${name}["']?[ \\t]*\\r?\\n[ \\t]*value:[ \\t]*${quoted}`, 'g'),
      new RegExp(`name:[ \\t]*["']?${name}["']?[ \\t]*\\r?\\n[ \\t]*value:[ \\t]*${bare}`, 'g'),
    )
  }
  const found = patterns.flatMap(pattern =>
    [...text.matchAll(pattern)]
      .filter(({ 3: value = '' }) => isLiteral(value) && (!isTemplate(path) || checkSecret(value).ok))
      .map(match => ({ line: lineOf(text, match), variable: match[1] ?? '' })),
  )
  const byLine = new Map(found.map(each => [each.line, each]))
  return [...byLine.values()].sort((one, other) => one.line - other.line)
}

/** The line of the value, which can stand below its name. */
const lineOf = (text: string, match: RegExpExecArray): number =>
  text.slice(0, match.index + match[0].length).split('\n').length

function kindOf(path: string): Kind | undefined {
  const name = basename(path)
  if (/^(Docker|Container)file|^\.env|^Makefile$/i.test(name) || plain.has(extname(name))) return 'plain'
  return code.has(extname(name)) ? 'code' : undefined
}

/** `.env.example` holds placeholders; only what could be a real secret counts there. */
const isTemplate = (path: string): boolean => /\.(example|sample|template|dist)$/i.test(path)

/** A reference, a path, an address or another variable's name is no secret. */
const isLiteral = (value: string): boolean =>
  !/^[$<{%]|\$\{|\{\{|:\/\/|^\.{0,2}\/|^[A-Z][A-Z0-9_]*$|^(process|os|env|config|settings)\./.test(value)

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
