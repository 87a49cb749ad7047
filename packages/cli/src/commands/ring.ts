/** keyturn ring: list, create: the rings of a hub. */
import type { Command } from 'commander'
import { checkLimits } from 'keyturn/ring'
import { flagsOf, openHub } from '../desk/open-desk.ts'
import { HubDesk } from '../hub/hub-desk.ts'
import type { HubRing } from '../hub/hub-answers.ts'
import { isRingName } from '../config.ts'
import { showNewRing } from '../new-ring.ts'
import { Output, type GlobalFlags } from '../output.ts'
import { reasonOf, secondsOf, usageError } from '../usage.ts'

interface RingFlags extends GlobalFlags {
  readonly reason?: string
  readonly maxTokenLife?: string
  readonly grace?: string
}

export default (command: Command): void => {
  command.action(() => command.help({ error: true }))
  command
    .command('list')
    .description('every ring of the hub')
    .action(async (_, self: Command) => {
      const flags = self.optsWithGlobals<GlobalFlags>()
      const output = new Output(flags)
      const { client } = openHub(flags)
      const { rings } = await client.get<{ rings: readonly HubRing[] }>(['rings'])
      if (rings.length === 0) output.note(`${client.url} holds no ring yet: keyturn ring create NAME`)
      else
        output.table(
          ['RING', 'GENERATION', 'ACTIVE', 'INSTANCES', 'ACKNOWLEDGED', 'OPERATION'],
          rings.map(each => [
            each.ring,
            String(each.generation),
            each.activeKid ?? '',
            String(each.instances),
            String(each.acknowledged),
            operationOf(each),
          ]),
        )
      output.document('rings', { hub: client.url, rings })
    })
  command
    .command('create <name>')
    .description('a new ring, application/environment, with a fresh key')
    .option('--reason <text>', 'why, for the audit trail')
    .option('--max-token-life <duration>', 'longest life of a token (default: 1h)')
    .option('--grace <duration>', 'how long an old key verifies after a rotation (default: 48h)')
    .action(async (name: string, _, self: Command) => {
      const flags = self.optsWithGlobals<RingFlags>()
      const output = new Output(flags)
      if (!isRingName(name)) throw usageError('the name of a ring is application/environment')
      const { client, target } = openHub(flags)
      const desk = new HubDesk({
        client,
        ring: name,
        limits: limitsOf(flags, target.limits),
        hasLimits: flags.maxTokenLife !== undefined || flags.grace !== undefined,
        where: flagsOf(flags),
        output,
      })
      const result = await desk.init({ reason: await reasonOf(flags.reason ?? 'set up') })
      showNewRing(output, client.url, result, 'ring-create')
    })
}

function limitsOf(
  { maxTokenLife, grace }: RingFlags,
  otherwise: ReturnType<typeof checkLimits>,
): ReturnType<typeof checkLimits> {
  const given = {
    ...(maxTokenLife !== undefined && { maxTokenLife: secondsOf('--max-token-life', maxTokenLife) }),
    ...(grace !== undefined && { grace: secondsOf('--grace', grace) }),
  }
  return Object.keys(given).length === 0 ? otherwise : checkLimits(given)
}

/** The word of the mode, whatever else a hub says of it. */
function operationOf({ operation }: HubRing): string {
  if (typeof operation === 'string') return operation
  const { mode } = (operation ?? {}) as { mode?: unknown }
  return typeof mode === 'string' ? mode : ''
}
