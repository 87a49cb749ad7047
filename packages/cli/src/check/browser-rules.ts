/** browserRules: variables whose prefix makes a bundler ship them to every browser. */
import { lineAt, type SecretSource, type Sources } from '../secret-sources.ts'
import type { Finding } from './finding.ts'

const prefixes = [
  'NEXT_PUBLIC_',
  'VITE_',
  'REACT_APP_',
  'PUBLIC_',
  'NUXT_PUBLIC_',
  'EXPO_PUBLIC_',
  'GATSBY_',
  'VUE_APP_',
]
/** A name that says what it holds. */
const telling = /SECRET|JWT.*KEY|PRIVATE_?KEY/i

export function browserRules({ environment, file }: Sources): readonly Finding[] {
  const sources = [environment, ...(file ? [file] : [])]
  const texts = new Set(sources.flatMap(({ secrets }) => secrets.map(({ text }) => text)))
  return sources.flatMap(source =>
    [...source.variables].flatMap(([name, value]) => {
      const prefix = prefixes.find(each => name.startsWith(each))
      if (prefix === undefined || value === '') return []
      if (!texts.has(value) && !telling.test(name)) return []
      return [exposed(source, name, prefix)]
    }),
  )
}

function exposed(source: SecretSource, name: string, prefix: string): Finding {
  const found = source.assignments.findLast(each => each.name === name)
  return {
    rule: 'browser-prefix',
    severity: 'error',
    message: `${name} is shipped to every browser by its prefix ${prefix}`,
    remedy: 'remove it: no browser needs the secret. If a build was published with it, keyturn emergency',
    ...(source.kind === 'file' && { file: source.name }),
    ...(found && { line: lineAt(source.text, found.start) }),
  }
}
