/** valueTraps: values that one reader takes differently from another, or that were cut on their way. */
import { readFileSync } from 'node:fs'
import { activeIn, lineAt, type FoundSecret, type SecretSource, type Sources } from '../secret-sources.ts'
import { error, warning, type Item } from './diagnosis.ts'

export function valueTraps(sources: Sources): readonly Item[] {
  const { environment, file } = sources
  return [
    ...(sources.isFileNamed ? [] : environment.secrets.flatMap(each => [...quotes(each), ...lineEnds(each)])),
    ...(file ? [...file.secrets.flatMap(quotes), ...inDotenv(file), ...duplicates(file)] : []),
    ...cutShort(sources),
  ]
}

const at = ({ file, line }: FoundSecret): string =>
  file === undefined ? 'the environment' : line === undefined ? file : `${file}:${line}`

/** Docker and systemd hand quotation marks on, where a shell takes them off. */
function quotes(secret: FoundSecret): readonly Item[] {
  if (!/^(["'`]).*\1$/s.test(secret.text)) return []
  return [
    error(
      'quotes',
      `${secret.variable} in ${at(secret)} has quotation marks inside its value`,
      'take them off: this reader does not',
    ),
  ]
}

/** A newline that `echo` wrote into a file of its own. */
function lineEnds({ variable, file }: FoundSecret): readonly Item[] {
  if (file === undefined) return []
  const text = readText(file)
  if (!/\r?\n$/.test(text)) return []
  return [
    warning(
      'newline',
      `${file} ends with a newline: keyturn leaves one off, other readers make it a part of ${variable}`,
      "write the file with printf '%s', not echo",
    ),
  ]
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** What dotenv readers disagree on. */
function inDotenv({ name, text, assignments, secrets }: SecretSource): readonly Item[] {
  const own = new Set(secrets.map(({ variable }) => variable))
  return assignments.flatMap(each => {
    if (!own.has(each.name)) return []
    const line = text.slice(each.start, each.end)
    const place = `${each.name} in ${name}:${lineAt(text, each.start)}`
    const items: Item[] = []
    if (each.quote === '' && /#/.test(line))
      items.push(
        error(
          'comment',
          `${place} has a # outside of quotes: some readers end the value there, others do not`,
          'replace it with the output of keyturn generate, which has none',
        ),
      )
    if (each.quote !== "'" && /\$[\w{]/.test(each.value))
      items.push(
        error(
          'dollar',
          `${place} has a $: Compose and shells put another variable in its place`,
          'replace it with the output of keyturn generate, which has none',
        ),
      )
    return items
  })
}

function duplicates({ name, text, assignments, secrets }: SecretSource): readonly Item[] {
  const own = [...new Set(secrets.map(({ variable }) => variable))]
  return own.flatMap(variable => {
    const places = assignments.filter(each => each.name === variable)
    if (places.length < 2) return []
    const lines = places.map(each => lineAt(text, each.start)).join(' and ')
    const isSame = new Set(places.map(({ value }) => value)).size === 1
    const message = `${variable} stands ${places.length} times in ${name}, lines ${lines}`
    return [
      isSame
        ? warning('duplicates', message, 'remove one')
        : error(
            'duplicates',
            `${message}, with different values: readers take the last`,
            'remove the old one',
          ),
    ]
  })
}

/** The beginning of another source's value. */
function cutShort({ environment, file }: Sources): readonly Item[] {
  const [one, other] = [activeIn(environment), file && activeIn(file)]
  if (!one || !other || one.text === other.text) return []
  const [short, long] = one.text.length < other.text.length ? [one, other] : [other, one]
  if (!long.text.startsWith(short.text)) return []
  return [
    error(
      'truncated',
      `${short.variable} in ${at(short)} is the beginning of the one in ${at(long)}: ${short.text.length} of ${long.text.length} characters`,
      'copy the whole value',
    ),
  ]
}
