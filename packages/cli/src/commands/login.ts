/** keyturn login: a token of a hub, kept for the commands of this user. */
import type { Command } from 'commander'
import { actor } from '../actor.ts'
import { credentialsPath, keepLogin, readCredentials } from '../hub/credentials.ts'
import { allowsInsecure, hubAddress, setupLink, type SetupLink } from '../hub/hub-address.ts'
import type { Whoami } from '../hub/hub-answers.ts'
import { HubClient } from '../hub/hub-client.ts'
import { setUpOperator } from '../hub/set-up-operator.ts'
import { askHidden } from '../hidden-prompt.ts'
import { Output, type GlobalFlags } from '../output.ts'
import { ask, canAsk, readInput, usageError } from '../usage.ts'

interface LoginFlags extends GlobalFlags {
  readonly tokenStdin?: boolean
}

interface Session {
  readonly token: string
  readonly who: Whoami
}

export default (command: Command): void => {
  command
    .argument('[url]', 'the address of the hub, or a set-up link of it')
    .option('--token-stdin', 'read an access token from standard input, where there is no terminal')
    .action(async (given: string | undefined, _, self: Command) => {
      const flags = self.optsWithGlobals<LoginFlags>()
      const output = new Output(flags)
      const link = given === undefined ? undefined : setupLink(given)
      const url = hubAddress(link?.url ?? addressOf(given, flags), allowsInsecure(flags))
      // A file that others can read is refused before a password is asked for.
      readCredentials()
      const { token, who } = flags.tokenStdin ? await fromInput(url) : await asOperator(url, link, output)
      const { id, name, expiresAt = null } = who
      keepLogin(url, { token, id, name, expiresAt })
      const rights = who.role ?? who.scopes?.join(', ') ?? ''
      const until = expiresAt === null ? '' : `, until ${expiresAt}`
      output.line(`${output.mark('ok')} ${name} (${rights}) is logged in at ${url}${until}`)
      output.note(`the token is in ${credentialsPath()}; keyturn logout revokes it`)
      output.document('login', { hub: url, kind: who.kind, id, name, rights, expiresAt })
    })
}

function addressOf(given: string | undefined, flags: LoginFlags): string {
  const url = given ?? flags.hub ?? process.env['KEYTURN_URL'] ?? readCredentials().current
  if (!url) throw usageError('name the hub: keyturn login https://keys.example.com')
  return url
}

async function fromInput(url: string): Promise<Session> {
  const token = (await readInput('the access token')).trim()
  if (token === '') throw usageError('standard input holds no access token')
  return { token, who: await whoIs(url, token) }
}

const whoIs = (url: string, token: string): Promise<Whoami> =>
  new HubClient({ url, token }).get<Whoami>(['whoami'])

async function asOperator(url: string, link: SetupLink | undefined, output: Output): Promise<Session> {
  if (!canAsk())
    throw usageError(
      'there is no terminal to ask for a password: add --token-stdin, and give an access token',
    )
  const client = new HubClient({ url })
  const name = link?.name ?? (await ask(link ? `Your name at ${url} from now on: ` : `Name at ${url}: `))
  if (name === '') throw usageError('the name is empty')
  const password = link ? await newPassword(output, name) : await askHidden('Password: ')
  if (link) await setUpOperator(client, { secret: link.secret, name, password })
  const { token } = await client.post<{ token: string }>(['login'], { name, password, label: labelOf() })
  return { token, who: await whoIs(url, token) }
}

/** Where this login is, as short and plain as the hub wants it: `user/host`. */
const labelOf = (): string =>
  actor()
    .replace('@', '/')
    .replace(/[^\w./-]+/g, '-')
    .slice(0, 64)

async function newPassword(output: Output, name: string): Promise<string> {
  output.note(`A password for ${name}: at least 12 characters; a sentence is a good one.`)
  const password = await askHidden('New password: ')
  if ((await askHidden('Once more: ')) !== password) throw usageError('the two are not the same')
  return password
}
