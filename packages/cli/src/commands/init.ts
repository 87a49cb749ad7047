/** keyturn init: sets a project up. Twice is once. */
import type { Command } from 'commander'
import { initRing, type InitOutcome } from 'keyturn/rotation'
import { gitState } from '../git-state.ts'
import { Output, type GlobalFlags } from '../output.ts'
import { progressOf } from '../progress.ts'
import { chooseTarget, contextOf, type Target } from '../target.ts'
import { reasonOf, usageError } from '../usage.ts'

interface InitFlags extends GlobalFlags {
  readonly adopt?: boolean
  readonly alias?: readonly string[]
  readonly ring?: string
  readonly reason?: string
}

export default (command: Command): void => {
  command
    .option('--adopt', 'take an existing secret over, even a weak one: nobody is signed out')
    .option('--alias <kid...>', 'with --adopt: kids that the tokens of that secret bear')
    .option('--ring <name>', 'application/environment, where there is no configuration')
    .option('--reason <text>', 'why, for the audit trail')
    .action(async (_, self: Command) => {
      const flags = self.optsWithGlobals<InitFlags>()
      const output = new Output(flags)
      const target = chooseTarget(flags)
      const ring = ringNameOf(flags, target)
      const reason = await reasonOf(flags.reason ?? 'set up')
      const isNew = (await target.file.store.read()) === undefined
      if (isNew) target.file.createFile()
      const outcome = await initRing(contextOf(target, output, { report: progressOf(output) }), {
        ring,
        limits: target.limits,
        reason,
        ...(flags.adopt && { adopt: true }),
        ...(flags.alias && { aliases: flags.alias }),
        ...(target.settings?.algorithm && { alg: target.settings.algorithm }),
      })
      show(output, target, outcome)
    })
}

function ringNameOf(flags: InitFlags, target: Target): string {
  if (flags.ring === undefined) return target.ring
  if (target.settings) throw usageError(`the configuration names this ring ${target.ring}`)
  if (!/^[\w.-]{1,64}\/[\w.-]{1,64}$/.test(flags.ring)) throw usageError('--ring is application/environment')
  return flags.ring
}

function show(output: Output, target: Target, { kind, document }: InitOutcome): void {
  const { name } = target.file
  const said: Record<InitOutcome['kind'], string> = {
    created: `${name}: JWT_SECRET_KEY added, 64 characters, 384 bits`,
    initialised: `${name}: the secret that is there is kept; Keyturn keeps the record from now on`,
    adopted: `${name}: the old secret is legacy and verifies until its grace ends; a fresh key signs. Nobody is signed out`,
    edited: `${name}: the values edited by hand are taken over`,
    unchanged: `${name} is set up already`,
  }
  output.line(`${output.mark('ok')} ${said[kind].replace('JWT_SECRET_KEY', target.file.names.active)}`)
  output.line(`  ring ${document.ring}, generation ${document.generation}`)
  if (gitState(target.file.path) === 'exposed')
    output.warn(`${name} is not ignored by git: add it to .gitignore before the next commit`)
  if (gitState(target.file.path) === 'tracked')
    output.warn(`${name} is tracked by git: git rm --cached it, ignore it, and rotate`)
  output.line('Next   start the application with KEYTURN_ENV_FILE set to this file, then keyturn rotate')
  output.document('init', { ring: document.ring, generation: document.generation, outcome: kind, file: name })
}
