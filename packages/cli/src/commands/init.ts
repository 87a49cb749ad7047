/** keyturn init: sets a project up. Twice is once. */
import type { Command } from 'commander'
import { FileDesk } from '../desk/file-desk.ts'
import { deskOf, flagsOf, type Desk } from '../desk/open-desk.ts'
import type { InitResult } from '../desk/ring-desk.ts'
import { gitState } from '../git-state.ts'
import { showNewRing } from '../new-ring.ts'
import { Output, type GlobalFlags } from '../output.ts'
import { progressOf } from '../progress.ts'
import { chooseTarget } from '../target.ts'
import { reasonOf, usageError } from '../usage.ts'

interface InitFlags extends GlobalFlags {
  readonly adopt?: boolean
  readonly alias?: readonly string[]
  readonly reason?: string
}

export default (command: Command): void => {
  command
    .option('--adopt', 'take an existing secret over, even a weak one: nobody is signed out')
    .option('--alias <kid...>', 'with --adopt: kids that the tokens of that secret bear')
    .option('--reason <text>', 'why, for the audit trail')
    .action(async (_, self: Command) => {
      const flags = self.optsWithGlobals<InitFlags>()
      const output = new Output(flags)
      const desk = await deskFor(flags, output)
      const reason = await reasonOf(flags.reason ?? 'set up')
      const { settings } = desk
      const request = {
        reason,
        ...(flags.adopt && { adopt: true }),
        ...(flags.alias && { aliases: flags.alias }),
        ...(settings?.algorithm && { alg: settings.algorithm }),
      }
      const result = await desk.init(request, progressOf(output))
      if (desk instanceof FileDesk) return show(output, desk, result)
      showNewRing(output, desk.client.url, result, 'init')
    })
}

/** The ring need not exist, so none is looked for. A login alone makes no project a hub's. */
function deskFor(flags: InitFlags, output: Output): Promise<Desk> {
  const target = chooseTarget(flags)
  if (target.ring !== undefined) return deskOf(target, output, flagsOf(flags))
  if (target.kind === 'file' || !target.isLogin)
    throw usageError('name the new ring: keyturn init --ring application/environment')
  return deskOf(chooseTarget(flags, { login: false }), output, flagsOf(flags))
}

function show(output: Output, { file }: FileDesk, { kind, ring, generation }: InitResult): void {
  const { name } = file
  const said: Record<InitResult['kind'], string> = {
    created: `${name}: JWT_SECRET_KEY added, 64 characters, 384 bits`,
    initialised: `${name}: the secret that is there is kept; Keyturn keeps the record from now on`,
    adopted: `${name}: the old secret is legacy and verifies until its grace ends; a fresh key signs. Nobody is signed out`,
    edited: `${name}: the values edited by hand are taken over`,
    unchanged: `${name} is set up already`,
  }
  output.line(`${output.mark('ok')} ${said[kind].replace('JWT_SECRET_KEY', file.names.active)}`)
  output.line(`  ring ${ring}, generation ${generation}`)
  if (gitState(file.path) === 'exposed')
    output.warn(`${name} is not ignored by git: add it to .gitignore before the next commit`)
  if (gitState(file.path) === 'tracked')
    output.warn(`${name} is tracked by git: git rm --cached it, ignore it, and rotate`)
  output.line('Next   start the application with KEYTURN_ENV_FILE set to this file, then keyturn rotate')
  output.document('init', { ring, generation, outcome: kind, file: name })
}
