/** fishCompletion: a script for fish 3 and newer. */
import type { CommandNode, Flag } from './command-tree.ts'

export function fishCompletion(nodes: readonly CommandNode[]): string {
  const paths = nodes.flatMap(({ path }) => (path === '' ? [] : [quoted(path)]))
  return `# fish completion for keyturn
function __keyturn_path
  set -l path ''
  for word in (commandline -opc)[2..-1]
    set -l next (string trim -- "$path $word")
    if contains -- "$next" ${paths.join(' ')}
      set path $next
    end
  end
  echo $path
end
function __keyturn_at
  set -l path (__keyturn_path)
  test "$path" = "$argv[1]"
end
complete -c keyturn -f
${nodes.flatMap(linesOf).join('\n')}
`
}

function linesOf({ path, names, flags }: CommandNode): readonly string[] {
  const at = `complete -c keyturn -n ${quoted(`__keyturn_at "${path}"`)}`
  return [
    ...names.map(({ name, description }) => `${at} -a ${quoted(name)}${described(description)}`),
    ...flags.map(flag => `${at}${flagText(flag)}`),
  ]
}

function flagText({ short, long, description, takesValue, values, takesPath }: Flag): string {
  const names = `${short ? ` -s ${short.slice(1)}` : ''} -l ${long.slice(2)}`
  const choice = values.length > 0 ? ` -a ${quoted(values.join(' '))}` : ''
  const value = takesPath ? ' -r -F' : ` -x${choice}`
  return `${names}${takesValue ? value : ''}${described(description)}`
}

const described = (description: string): string => (description === '' ? '' : ` -d ${quoted(description)}`)

/** Between single quotes fish reads only \\\\ and \\'. */
const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
