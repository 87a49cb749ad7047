/** keyturn generate: the only command that prints a secret. */
import type { Command } from 'commander'
import { generateSecret, kidOf } from 'keyturn'
import { Output, type GlobalFlags } from '../output.ts'
import { usageError } from '../usage-error.ts'

interface GenerateFlags extends GlobalFlags {
  readonly length: string
  readonly format?: string
  readonly count?: string
  readonly name: string
  readonly write?: string
}

const formats = ['raw', 'env', 'shell', 'json'] as const
type Format = (typeof formats)[number]

const mostSecrets = 100_000
/** Secrets made between two writes: few enough to stop soon when nobody reads on. */
const batch = 500

export default (command: Command): void => {
  command
    .option('--length <characters>', '64 to 1,024', '64')
    .option('--format <format>', `${formats.join(', ')} (default: raw, the secret alone)`)
    .option('--count <n>', 'so many, one on each line; up to 100,000')
    .option('--name <variable>', 'the variable, for env, shell, json and --write', 'JWT_SECRET_KEY')
    .option('--write <path>', 'add it to this .env file, and print nothing')
    .action(async (_, self: Command) => {
      const flags = self.optsWithGlobals<GenerateFlags>()
      const output = new Output(flags)
      const length = wholeNumber('--length', flags.length, 64, 1024)
      const count =
        flags.count === undefined ? undefined : wholeNumber('--count', flags.count, 1, mostSecrets)
      const name = variableOf(flags.name)
      const format = formatOf(flags)
      if (flags.write === undefined) {
        await print(length, count, format, name)
        return advise(output, flags, length)
      }
      if (count !== undefined || flags.format !== undefined)
        throw usageError('--write adds one secret and prints none: leave --count and --format out')
      const { writeSecret } = await import('../write-secret.ts')
      await writeSecret(output, { path: flags.write, name, secret: generateSecret({ length }) })
      advise(output, flags, length)
    })
}

function wholeNumber(flag: string, given: string, least: number, most: number): number {
  const said = given.length > 40 ? `${given.slice(0, 40)}…` : given
  const range = `${least.toLocaleString('en')} to ${most.toLocaleString('en')}`
  if (!/^\d+$/.test(given)) throw usageError(`${flag} is a whole number in digits, ${range}, not "${said}"`)
  const value = Number(given)
  if (value >= least && value <= most) return value
  const why =
    flag === '--length' && value < least ? ': a shorter secret is refused when the application starts' : ''
  throw usageError(`${flag} ${said} is not in ${range}${why}`)
}

function variableOf(name: string): string {
  if (!/^[A-Za-z_]\w{0,127}$/.test(name))
    throw usageError('--name is a variable: letters, digits and underscores, no digit first')
  return name
}

function formatOf(flags: GenerateFlags): Format {
  const format = formats.find(each => each === (flags.format ?? (flags.json ? 'json' : 'raw')))
  if (!format) throw usageError(`--format is one of ${formats.join(', ')}`)
  if (flags.json && format !== 'json') throw usageError(`--json and --format ${format} contradict each other`)
  return format
}

/** Without `--count` one record; with it one on each line, in JSON an array of them. */
async function print(length: number, count: number | undefined, format: Format, name: string): Promise<void> {
  const draw = (): string => shaped(generateSecret({ length }), format, name)
  if (count === undefined) return void (await write(`${draw()}\n`))
  const isArray = format === 'json'
  const between = isArray ? ',\n' : '\n'
  let text = isArray ? '[\n' : ''
  for (let made = 1; made <= count; made += 1) {
    text += draw() + (made < count ? between : '\n')
    if (made % batch !== 0) continue
    if (!(await write(text))) return
    text = ''
  }
  await write(isArray ? `${text}]\n` : text)
}

function shaped(secret: string, format: Format, name: string): string {
  switch (format) {
    case 'raw':
      return secret
    case 'env':
      return `${name}=${secret}`
    case 'shell':
      return `export ${name}='${secret}'`
    case 'json':
      return JSON.stringify({
        schema: 'keyturn/secret/v1',
        name,
        secret,
        length: secret.length,
        kid: kidOf(secret),
      })
  }
}

/** False when nobody reads on. */
const write = (text: string): Promise<boolean> =>
  new Promise(resolve => process.stdout.write(text, error => resolve(!error)))

/** The guide's rules, for the person who has a new secret in hand. */
function advise(output: Output, flags: GenerateFlags, length: number): void {
  if (flags.quiet) return
  output.note(
    [
      `${length} characters of URL-safe base64, ${length * 6} bits from the system's random source.`,
      'Never commit it: keep it in the environment, an ignored .env file or a secrets manager.',
      'One secret per environment. Hand it over through a secure channel only.',
      'Keep the old one for 24 to 48 hours after a rotation.',
      'Rotate development monthly, staging quarterly, production every six months, and at once after a leak.',
    ].join('\n'),
  )
}
