/** keyturn logout: revokes the token of a login, and forgets it. */
import type { Command } from 'commander'
import { KeyturnError } from 'keyturn'
import { forgetLogin, readCredentials, type Login } from '../hub/credentials.ts'
import { hubAddress } from '../hub/hub-address.ts'
import { HubClient } from '../hub/hub-client.ts'
import { Output, type GlobalFlags } from '../output.ts'
import { usageError } from '../usage-error.ts'

export default (command: Command): void => {
  command
    .argument('[url]', 'the address of the hub (default: that of the newest login)')
    .action(async (given: string | undefined, _, self: Command) => {
      const flags = self.optsWithGlobals<GlobalFlags>()
      const output = new Output(flags)
      const { hubs, current } = readCredentials()
      const named = given ?? flags.hub
      const url = named === undefined ? current : hubAddress(named, true)
      const login = url === null ? undefined : hubs[url]
      if (url === null || !login) {
        output.line('nobody is logged in' + (url === null ? '' : ` at ${url}`))
        output.document('logout', { hub: url, revoked: false })
        const others = Object.keys(hubs)
        if (named !== undefined && others.length > 0)
          throw usageError(`logins are kept for ${others.join(', ')}`)
        return
      }
      const problem = await revoke(url, login)
      forgetLogin(url)
      const until = login.expiresAt === null ? 'until somebody revokes it' : `until ${login.expiresAt}`
      if (problem === undefined)
        output.line(`${output.mark('ok')} logged out of ${url}: the token is revoked`)
      else {
        output.line(`${output.mark('warn')} logged out of ${url} here; the token ${login.id} works ${until}`)
        output.warn(`it could not be revoked: ${problem}`)
      }
      output.document('logout', { hub: url, id: login.id, revoked: problem === undefined })
    })
}

/** Why it could not be revoked. A token that is not valid any more needs none. */
async function revoke(url: string, { token, id }: Login): Promise<string | undefined> {
  try {
    await new HubClient({ url, token, deadline: 5000 }).delete(['tokens', id])
    return undefined
  } catch (error) {
    if (!(error instanceof KeyturnError)) throw error
    const isGone = ['ERR_AUTH_INVALID', 'ERR_AUTH_REQUIRED', 'ERR_ACCESS_TOKEN_NOT_FOUND'].includes(
      error.code,
    )
    return isGone ? undefined : error.message
  }
}
