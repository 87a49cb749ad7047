/** keyturn whoami: who this user is at a hub, and what they may do there. */
import type { Command } from 'commander'
import { KeyturnError } from 'keyturn'
import { openHub } from '../desk/open-desk.ts'
import { accessFor } from '../hub/access.ts'
import type { Whoami } from '../hub/hub-answers.ts'
import { Output, type GlobalFlags } from '../output.ts'

export default (command: Command): void => {
  command.action(async (_, self: Command) => {
    const flags = self.optsWithGlobals<GlobalFlags>()
    const output = new Output(flags)
    const { target, client } = openHub(flags)
    const access = accessFor(target.url)
    if (!access) throw new KeyturnError('ERR_AUTH_REQUIRED', `nobody is logged in at ${target.url}`)
    const { kind, id, name, role, scopes, expiresAt = null } = await client.get<Whoami>(['whoami'])
    const rows: readonly (readonly [string, string | null | undefined])[] = [
      ['name', name],
      ['hub', target.url],
      ['kind', kind],
      ['role', role],
      ['scopes', scopes?.join(', ')],
      ['until', expiresAt],
      ['from', access.from],
    ]
    for (const [word, value] of rows) if (value) output.line(`${word.padEnd(8)}${value}`)
    output.document('whoami', {
      hub: target.url,
      kind,
      id,
      name,
      role: role ?? null,
      scopes: scopes ?? null,
      expiresAt,
      from: access.from,
    })
  })
}
