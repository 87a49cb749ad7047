/** bashCompletion: a script for bash 4 and newer; it needs nothing else. */
import type { CommandNode } from './command-tree.ts'

export function bashCompletion(nodes: readonly CommandNode[]): string {
  const paths = nodes.flatMap(({ path }) => (path === '' ? [] : [`'${path}'`]))
  const words = nodes.map(
    ({ path, names, flags }) =>
      `    '${path}') words='${names.map(({ name }) => name).join(' ')}' flags='${flagsOf(flags)}' ;;`,
  )
  return `# bash completion for keyturn. Load it with: source <(keyturn completion bash)
_keyturn() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev='' path='' word words='' flags='' values='' index
  COMPREPLY=()
  if (( COMP_CWORD > 0 )); then prev=\${COMP_WORDS[COMP_CWORD-1]}; fi
  # --flag=value arrives as three words.
  if [[ $cur == '=' ]]; then cur=''
  elif [[ $prev == '=' ]] && (( COMP_CWORD > 1 )); then prev=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  for (( index = 1; index < COMP_CWORD; index++ )); do
    word=\${COMP_WORDS[index]}
    case "\${path:+$path }$word" in
      ${paths.join('|')}) path="\${path:+$path }$word" ;;
    esac
  done
  case "$path" in
${words.join('\n')}
  esac
  case "$path $prev" in
${valueCases(nodes)}
  esac
  if [[ -n $values ]]; then
    COMPREPLY=( $(compgen -W "$values" -- "$cur") )
    return
  fi
  if [[ $cur == -* ]]; then
    COMPREPLY=( $(compgen -W "$flags" -- "$cur") )
  else
    COMPREPLY=( $(compgen -W "$words" -- "$cur") )
  fi
}
complete -F _keyturn keyturn
`
}

const flagsOf = (flags: CommandNode['flags']): string => flags.map(({ long }) => long).join(' ')

/** What may follow a flag: known values, a path, or anything. */
function valueCases(nodes: readonly CommandNode[]): string {
  return nodes
    .flatMap(({ path, flags }) =>
      flags
        .filter(({ takesValue }) => takesValue)
        .map(({ short, long, values, takesPath }) => {
          const names = [long, ...(short ? [short] : [])].map(name => `'${path} ${name}'`).join('|')
          if (values.length > 0) return `    ${names}) values='${values.join(' ')}' ;;`
          if (takesPath) return `    ${names}) COMPREPLY=( $(compgen -f -- "$cur") ); return ;;`
          return `    ${names}) return ;;`
        }),
    )
    .join('\n')
}
