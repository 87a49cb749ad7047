/** keyturn key: list, show, import, identify, retire, destroy, new-epoch. */
import type { Command } from 'commander'
import { kidOf, KeyturnError, StoreError } from 'keyturn'
import { getKey, type RingDocument, type RingKey } from 'keyturn/ring'
import { allDesks, deskOf, flagsOf, openDesk, type Desk } from '../desk/open-desk.ts'
import type { KeyChange, Specimen } from '../desk/ring-desk.ts'
import { duration, iso, moment } from '../moments.ts'
import { Output, type GlobalFlags } from '../output.ts'
import { peekToken } from '../peek-token.ts'
import { chooseTarget, defaultRing } from '../target.ts'
import { causeOf, causes, readInput, reasonOf } from '../usage.ts'

interface KeyFlags extends GlobalFlags {
  readonly reason?: string
  readonly cause?: string
  readonly force?: boolean
  readonly alias?: readonly string[]
  readonly compromised?: readonly string[]
}

export default (command: Command): void => {
  command.action(() => command.help({ error: true }))
  command
    .command('list')
    .description('every key of the ring')
    .action(async (_, self: Command) => {
      const flags = self.optsWithGlobals<KeyFlags>()
      const output = new Output(flags)
      const document = await documentOf(await openDesk(flags, output))
      output.table(
        ['KEY', 'STATE', 'ALG', 'CREATED', 'UNTIL'],
        document.keys.map(key => [
          key.kid,
          key.state,
          key.alg,
          momentOr(key.createdAt, 'by hand'),
          untilOf(key),
        ]),
      )
      output.document('keys', {
        ring: document.ring,
        generation: document.generation,
        keys: document.keys.map(describe),
      })
    })
  command
    .command('show <kid>')
    .description('one key')
    .action(async (kid: string, _, self: Command) => {
      const flags = self.optsWithGlobals<KeyFlags>()
      const output = new Output(flags)
      const document = await documentOf(await openDesk(flags, output))
      const key = getKey(document, kid)
      for (const [name, value] of Object.entries(describe(key)))
        if (value !== null) output.line(`${name.padEnd(14)}${String(value)}`)
      output.document('key', { ring: document.ring, key: describe(key) })
    })
  changing(
    command
      .command('import')
      .description('stage a secret from standard input; the next rotation makes it sign'),
  )
    .option('--alias <kid...>', 'kids that tokens of this secret bear')
    .option('--force', 'in a full ring, destroy the oldest suspended key')
    .action(async (_, self: Command) => {
      const flags = self.optsWithGlobals<KeyFlags>()
      const output = new Output(flags)
      const text = await readInput('the secret')
      const desk = await openDesk(flags, output)
      const { ring, generation, kid } = await desk.importKey({
        text,
        reason: await reasonOf(flags.reason),
        ...causeOf(flags.cause),
        ...(flags.alias && { aliases: flags.alias }),
        ...(flags.force && { force: true }),
      })
      output.line(`${output.mark('ok')} ${kid} is staged, generation ${generation}: no weakness found`)
      output.line('Next   keyturn rotate')
      output.document('key-import', { ring, generation, kid })
    })
  command
    .command('identify')
    .description('a secret or a token on standard input: whose is it, and what to do')
    .action(async (_, self: Command) => {
      const flags = self.optsWithGlobals<KeyFlags>()
      await identify(new Output(flags), flags)
    })
  changing(command.command('retire <kid>').description('suspend a retiring key early'))
    .option('--force', 'although tokens of it may still be valid')
    .action(async (kid: string, _, self: Command) => {
      const { output, desk, request } = await prepare(kid, self)
      const { ring, generation } = await desk.retireKey(request)
      output.line(`${output.mark('ok')} ${kid} is suspended, generation ${generation}`)
      output.document('key-retire', { ring, generation, kid })
    })
  changing(command.command('destroy <kid>').description('erase a staged or suspended key')).action(
    async (kid: string, _, self: Command) => {
      const { output, desk, request } = await prepare(kid, self)
      const { ring, generation } = await desk.destroyKey(request)
      output.line(`${output.mark('ok')} ${kid} is destroyed, generation ${generation}`)
      output.document('key-destroy', { ring, generation, kid })
    },
  )
  command
    .command('new-epoch')
    .description('after a backup of the hub was restored: go on from what it holds')
    .option('--reason <text>', 'why, for the audit trail')
    .option('--compromised <kid...>', 'kids that leaked since the backup, as the copy of the trail says')
    .action(async (_, self: Command) => {
      const flags = self.optsWithGlobals<KeyFlags>()
      const output = new Output(flags)
      const desk = await openDesk(flags, output)
      const { compromised = [] } = flags
      const done = await desk.newEpoch({ reason: await reasonOf(flags.reason), compromised })
      const { ring, epoch, generation } = done
      output.line(
        `${output.mark('ok')} ${ring} is in epoch ${epoch}, generation ${generation}: changes go on`,
      )
      for (const kid of compromised) output.line(`${output.mark('ok')} ${kid} stays compromised`)
      output.document('key-new-epoch', { ring, epoch, generation, compromised })
    })
}

const changing = (command: Command): Command =>
  command.option('--reason <text>', 'why, for the audit trail').option('--cause <cause>', causes.join(', '))

/** @throws {StoreError} ERR_STORE_MISSING */
async function documentOf(desk: Desk): Promise<RingDocument> {
  const record = await desk.record()
  if (!record) throw new StoreError('ERR_STORE_MISSING', `${desk.name} holds no ring`)
  return record.document
}

async function prepare(
  kid: string,
  self: Command,
): Promise<{ output: Output; desk: Desk; request: KeyChange }> {
  const flags = self.optsWithGlobals<KeyFlags>()
  const output = new Output(flags)
  const desk = await openDesk(flags, output)
  const cause = causeOf(flags.cause)
  // An unknown kid is said before a reason is asked for.
  getKey(await documentOf(desk), kid)
  const reason = await reasonOf(flags.reason)
  return { output, desk, request: { kid, reason, ...cause, ...(flags.force && { force: true }) } }
}

/** Looks in every environment of the configuration, or in the one ring named; a hub looks in all of its rings. */
async function identify(output: Output, flags: KeyFlags): Promise<void> {
  const text = (await readInput('a secret or a token')).trim()
  const token = peekToken(text)
  const specimen: Specimen = {
    kind: token ? 'token' : 'secret',
    text,
    kid: token ? token.kid : kidOf(text),
  }
  const { kind, kid } = specimen
  for (const desk of await desksOf(flags, output)) {
    const found = await desk.identify(specimen)
    if (!found) continue
    const act = `keyturn emergency${found.where} --confirm ${found.ring} --cause compromised --reason "…"`
    const age = found.createdAt === null ? 'unknown' : duration(Date.now() / 1000 - found.createdAt)
    output.line(`${token ? 'Token of' : 'Secret'} ${found.kid}`)
    output.line(`Ring     ${found.ring}`)
    output.line(`State    ${found.state}`)
    output.line(`Age      ${age}`)
    if (token) output.line('A token names its key; whether it is genuine says keyturn token verify.')
    if (found.hasBytes && !token) output.line(`It leaked?  ${act}`)
    output.document('identify', {
      kind,
      ring: found.ring,
      kid: found.kid,
      state: found.state,
      createdAt: iso(found.createdAt),
      emergency: found.hasBytes ? act : null,
    })
    return
  }
  throw new KeyturnError(
    'ERR_RING_KEY_NOT_FOUND',
    `no ring here knows this ${kind}${kid === undefined ? ': it names no key' : ` (kid ${kid})`}`,
  )
}

async function desksOf(flags: KeyFlags, output: Output): Promise<readonly Desk[]> {
  const target = chooseTarget(flags)
  // A hub looks in all of its rings by itself.
  const desk = await deskOf(
    target.kind === 'hub' ? { ...target, ring: target.ring ?? defaultRing } : target,
    output,
    flagsOf(flags),
  )
  const isNamed = [flags.file, flags.environment, flags.hub].some(each => each !== undefined)
  return isNamed || !target.configuration ? [desk] : [desk, ...(await allDesks(flags, output))]
}

function describe(key: RingKey): Readonly<Record<string, string | boolean | null>> {
  return {
    kid: key.kid,
    state: key.state,
    alg: key.alg,
    createdAt: iso(key.createdAt),
    activatedAt: iso(key.activatedAt),
    deactivatedAt: iso(key.deactivatedAt),
    verifyUntil: iso(key.verifyUntil),
    holdUntil: iso(key.holdUntil),
    aliases: key.aliases?.join(', ') ?? null,
    legacy: key.legacy ?? null,
    bytesLost: key.bytesLost ?? null,
  }
}

const momentOr = (seconds: number | null, otherwise: string): string =>
  seconds === null ? otherwise : moment(seconds)

const untilOf = (key: RingKey): string => {
  const until =
    key.state === 'retiring' ? key.verifyUntil : key.state === 'suspended' ? key.holdUntil : undefined
  return until === undefined ? '' : moment(until)
}
