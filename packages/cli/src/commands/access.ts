/** keyturn access: list, create, revoke: the access tokens of programs at a hub. */
import { closeSync, fsyncSync, openSync, rmSync, writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { KeyturnError, StoreError } from 'keyturn'
import { openHub } from '../desk/open-desk.ts'
import type { HubClient } from '../hub/hub-client.ts'
import { Output, type GlobalFlags } from '../output.ts'
import { secondsOf, usageError } from '../usage.ts'

interface AccessFlags extends GlobalFlags {
  readonly name: string
  readonly scope: readonly string[]
  readonly expires?: string
  readonly write?: string
}

/** A token as the hub lists it: without the token. */
interface Listed {
  readonly id: string
  readonly name: string
  readonly scopes: readonly string[]
  readonly expiresAt: string | null
  readonly revokedAt?: string | null
  readonly lastUsedAt?: string | null
  readonly addresses?: readonly { readonly address: string }[]
}

interface Created extends Listed {
  /** Told once. */
  readonly token: string
}

export default (command: Command): void => {
  command.action(() => command.help({ error: true }))
  command
    .command('list')
    .description('every access token: its scopes, its end, where it was used')
    .action(async (_, self: Command) => {
      const flags = self.optsWithGlobals<GlobalFlags>()
      const output = new Output(flags)
      const { client } = openHub(flags)
      const tokens = await tokensOf(client)
      if (tokens.length === 0) output.note('there is no access token')
      else
        output.table(
          ['ID', 'NAME', 'SCOPES', 'UNTIL', 'LAST USED', 'ADDRESSES'],
          tokens.map(each => [
            each.id,
            each.name,
            each.scopes.join(', '),
            each.revokedAt ? 'revoked' : (each.expiresAt ?? ''),
            each.lastUsedAt ?? 'never',
            each.addresses?.map(({ address }) => address).join(', ') ?? '',
          ]),
        )
      output.document('access', { hub: client.url, tokens })
    })
  command
    .command('create')
    .description('a token for a program; it is shown once')
    .requiredOption('--name <name>', 'whose it is, for the audit trail')
    .requiredOption('--scope <scope...>', 'instance:RING, read, operate or admin')
    .option('--expires <duration>', 'when it ends, such as 90d')
    .option('--write <path>', 'into this new file, 0600, for KEYTURN_TOKEN_FILE; print nothing of it')
    .action(async (_, self: Command) => {
      const flags = self.optsWithGlobals<AccessFlags>()
      await create(flags, new Output(flags))
    })
  command
    .command('revoke <id>')
    .description('end a token at once, by its id or its name')
    .action(async (given: string, _, self: Command) => {
      const flags = self.optsWithGlobals<GlobalFlags>()
      const output = new Output(flags)
      const { client } = openHub(flags)
      const { id, name } = await tokenCalled(client, given)
      await client.delete(['tokens', id])
      output.line(`${output.mark('ok')} ${name} (${id}) is revoked: its connections end now`)
      output.document('access-revoke', { hub: client.url, id, name })
    })
}

async function create(flags: AccessFlags, output: Output): Promise<void> {
  const { name, scope: scopes, expires, write } = flags
  const wrong = scopes.find(each => !/^(?:instance:[\w.-]+\/[\w.-]+|read|operate|admin)$/.test(each))
  if (wrong !== undefined) throw usageError(`--scope ${wrong}: instance:RING, read, operate or admin`)
  const expiresIn = expires === undefined ? undefined : secondsOf('--expires', expires)
  const { client } = openHub(flags)
  // A token that cannot be kept is not made.
  const file = write === undefined ? undefined : openNew(write)
  let made: Created
  try {
    made = await client.post<Created>(['tokens'], { name, scopes, expiresIn })
  } catch (error) {
    if (file !== undefined) closeSync(file)
    if (write !== undefined) rmSync(write, { force: true })
    throw error
  }
  if (file !== undefined) {
    writeFileSync(file, `${made.token}\n`)
    fsyncSync(file)
    closeSync(file)
  }
  const { id, expiresAt } = made
  const until = expiresAt === null ? '' : `, until ${expiresAt}`
  output.note(`${output.mark('ok', process.stderr)} ${name} (${id}): ${scopes.join(', ')}${until}`)
  if (write === undefined) {
    output.note('shown once, and kept nowhere: put it into the environment of the program as KEYTURN_TOKEN')
    output.line(made.token)
  } else output.line(`${output.mark('ok')} ${write} holds the token: KEYTURN_TOKEN_FILE=${write}`)
  output.document('access-create', {
    hub: client.url,
    id,
    name,
    scopes,
    expiresAt,
    ...(write === undefined ? { token: made.token } : { file: write }),
  })
}

/** @throws {KeyturnError} ERR_FILE_EXISTS; {StoreError} */
function openNew(path: string): number {
  try {
    return openSync(path, 'wx', 0o600)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') throw usageError(`--write ${path} is there already: name a new file`)
    throw new StoreError('ERR_STORE_DENIED', `--write ${path} cannot be written: ${code}`)
  }
}

const tokensOf = async (client: HubClient): Promise<readonly Listed[]> =>
  (await client.get<{ tokens: readonly Listed[] }>(['tokens'])).tokens

/** @throws {KeyturnError} ERR_ACCESS_TOKEN_NOT_FOUND, ERR_USAGE for a name that several have */
async function tokenCalled(client: HubClient, given: string): Promise<Listed> {
  const tokens = await tokensOf(client)
  const byId = tokens.find(({ id }) => id === given)
  if (byId) return byId
  const [found, ...others] = tokens.filter(({ name, revokedAt }) => name === given && !revokedAt)
  if (!found) throw new KeyturnError('ERR_ACCESS_TOKEN_NOT_FOUND', `no access token is called ${given}`)
  if (others.length === 0) return found
  throw usageError(
    `several are called ${given}: name one by its id: ${[found, ...others].map(({ id }) => id).join(', ')}`,
  )
}
