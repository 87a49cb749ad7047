/** keyturn server: rekey, backup, restore, operator reset: on the machine of the hub. */
import type { Command } from 'commander'
import { actor } from '../actor.ts'
import { openOffline, type OfflineFlags } from '../desk/offline-desk.ts'
import { Output } from '../output.ts'
import { defaultData, type OfflineHub } from '../server-package.ts'
import { ask, canAsk, usageError } from '../usage.ts'

interface ServerFlags extends OfflineFlags {
  readonly compromised?: readonly string[]
}

export default (command: Command): void => {
  command.action(() => command.help({ error: true }))
  onDatabase(command.command('rekey'))
    .description('seal every ring with a new master key')
    .action((_, self: Command) =>
      work(self, async (hub, output) => {
        const { rings } = await hub.rekey()
        output.line(
          `${output.mark('ok')} ${rings} ring${rings === 1 ? ' is' : 's are'} sealed with a new master key`,
        )
        output.document('server-rekey', { rings })
      }),
    )
  onDatabase(command.command('backup <path>'))
    .description('a copy of the database; its secrets stay sealed with the master key')
    .action((path: string, _, self: Command) =>
      work(self, async (hub, output) => {
        const { rings, rows } = await hub.backup(path)
        output.line(`${output.mark('ok')} ${path}: ${rings} ring${rings === 1 ? '' : 's'}, ${rows} rows`)
        output.note('it is of no use without the master key: keep that elsewhere')
        output.document('server-backup', { file: path, rings, rows })
      }),
    )
  onDatabase(command.command('restore <path>'))
    .description('a backup in place of what the database holds; every ring begins a new epoch')
    .option('--compromised <kid...>', 'kids that leaked since the backup: they stay dead')
    .action((path: string, _, self: Command) =>
      work(
        self,
        async (hub, output, { compromised, yes }) => {
          await confirmReplacement(await hub.rings(), yes === true)
          const rings = await hub.restore(path, { actor: actor(), ...(compromised && { compromised }) })
          for (const { ring, epoch, generation } of rings)
            output.line(`${output.mark('ok')} ${ring}: epoch ${epoch}, generation ${generation}`)
          output.document('server-restore', { file: path, rings })
        },
        { create: true },
      ),
    )
  const operator = command.command('operator').description('operators, without the hub')
  operator.action(() => operator.help({ error: true }))
  onDatabase(operator.command('reset <name>'))
    .description('a one-time link for a new password')
    .action((name: string, _, self: Command) =>
      work(self, async (hub, output, { hub: url }) => {
        const { path: link } = await hub.resetOperator(name)
        output.line(`${url ?? ''}${link}`)
        if (url === undefined) output.note('put the address of the hub in front of it')
        output.note(`${name} sets a new password with it, once, within 15 minutes: keyturn login with it`)
        output.document('server-operator-reset', { name, link: `${url ?? ''}${link}` })
      }),
    )
}

const onDatabase = (command: Command): Command =>
  command
    .option('--data <path>', `folder of the embedded database (default: ${defaultData})`)
    .option('--database-url [url]', 'PostgreSQL (without a value: DATABASE_URL)')

/** What the backup does not have is lost. */
async function confirmReplacement(rings: readonly string[], yes: boolean): Promise<void> {
  if (rings.length === 0 || yes) return
  const held = `the database holds ${rings.join(', ')}, which the backup takes the place of`
  if (canAsk() && (await ask(`${held}. Go on? [y/N] `)).trim().toLowerCase() === 'y') return
  throw usageError(`${held}: add --yes; nothing was changed`)
}

async function work(
  self: Command,
  use: (hub: OfflineHub, output: Output, flags: ServerFlags) => Promise<void>,
  { create = false } = {},
): Promise<void> {
  const flags = self.optsWithGlobals<ServerFlags>()
  const output = new Output(flags)
  const hub = await openOffline(flags, output, create)
  try {
    await use(hub, output, flags)
  } finally {
    await hub.close()
  }
}
