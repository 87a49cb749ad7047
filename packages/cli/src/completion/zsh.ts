/** zshCompletion: a script for zsh with compinit. */
import type { CommandNode, Flag, Word } from './command-tree.ts'

export function zshCompletion(nodes: readonly CommandNode[]): string {
  const paths = nodes.flatMap(({ path }) => (path === '' ? [] : [`'${path}'`]))
  return `#compdef keyturn
# zsh completion for keyturn. Load it with: source <(keyturn completion zsh)
_keyturn() {
  local cur=\${words[CURRENT]} prev=\${words[CURRENT-1]} where='' word
  local -a names flags values
  for word in \${words[2,CURRENT-1]}; do
    case "\${where:+$where }$word" in
      ${paths.join('|')}) where="\${where:+$where }$word" ;;
    esac
  done
  case "$where $prev" in
${valueCases(nodes)}
  esac
  case "$where" in
${nodes.map(nodeCase).join('\n')}
  esac
  if [[ $cur == -* ]]; then
    _describe -o flag flags
  else
    _describe command names
  fi
}
if [[ $funcstack[1] == _keyturn ]]; then
  _keyturn "$@"
else
  compdef _keyturn keyturn
fi
`
}

const nodeCase = ({ path, names, flags }: CommandNode): string =>
  `    '${path}')
      names=(${names.map(wordItem).join(' ')})
      flags=(${flags.map(flagItem).join(' ')}) ;;`

const wordItem = ({ name, description }: Word): string => item(name, description)
const flagItem = ({ long, description }: Flag): string => item(long, description)

/** `_describe` splits at a colon. */
const item = (name: string, description: string): string =>
  quoted(description === '' ? name : `${name}:${description.replaceAll(':', '\\:')}`)

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

function valueCases(nodes: readonly CommandNode[]): string {
  return nodes
    .flatMap(({ path, flags }) =>
      flags
        .filter(({ takesValue }) => takesValue)
        .map(({ short, long, values, takesPath }) => {
          const names = [long, ...(short ? [short] : [])].map(name => `'${path} ${name}'`).join('|')
          if (values.length > 0)
            return `    ${names}) values=(${values.map(quoted).join(' ')}); _describe value values; return ;;`
          return takesPath ? `    ${names}) _files; return ;;` : `    ${names}) return ;;`
        }),
    )
    .join('\n')
}
