/** keyturn key: list, show, import, identify, retire, destroy. */
import type { Command } from 'commander'
import { kidOf, KeyturnError } from 'keyturn'
import type { Ring } from 'keyturn/ports'
import { getKey, hasBytes, type RingKey } from 'keyturn/ring'
import { destroyKey, importKey, readRing, retireKey } from 'keyturn/rotation'
import { duration, iso, moment } from '../moments.ts'
import { Output, type GlobalFlags } from '../output.ts'
import { allTargets, chooseTarget, contextOf, type Target } from '../target.ts'
import { peekToken } from '../peek-token.ts'
import { causeOf, causes, readInput, reasonOf } from '../usage.ts'

interface KeyFlags extends GlobalFlags {
  readonly reason?: string
  readonly cause?: string
  readonly force?: boolean
  readonly alias?: readonly string[]
}

export default (command: Command): void => {
  command.action(() => command.help({ error: true }))
  command
    .command('list')
    .description('every key of the ring')
    .action(async (_, self: Command) => {
      const flags = self.optsWithGlobals<KeyFlags>()
      const output = new Output(flags)
      const { document } = await readRing(chooseTarget(flags).file.store)
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
      const { document } = await readRing(chooseTarget(flags).file.store)
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
      const { document, kid } = await importKey(contextOf(chooseTarget(flags), output), {
        text,
        reason: await reasonOf(flags.reason),
        ...causeOf(flags.cause),
        ...(flags.alias && { aliases: flags.alias }),
        ...(flags.force && { force: true }),
      })
      output.line(
        `${output.mark('ok')} ${kid} is staged, generation ${document.generation}: no weakness found`,
      )
      output.line('Next   keyturn rotate')
      output.document('key-import', { ring: document.ring, generation: document.generation, kid })
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
      const { output, target, request } = await prepare(kid, self)
      const document = await retireKey(contextOf(target, output), request)
      output.line(`${output.mark('ok')} ${kid} is suspended, generation ${document.generation}`)
      output.document('key-retire', { ring: document.ring, generation: document.generation, kid })
    })
  changing(command.command('destroy <kid>').description('erase a staged or suspended key')).action(
    async (kid: string, _, self: Command) => {
      const { output, target, request } = await prepare(kid, self)
      const document = await destroyKey(contextOf(target, output), request)
      output.line(`${output.mark('ok')} ${kid} is destroyed, generation ${document.generation}`)
      output.document('key-destroy', { ring: document.ring, generation: document.generation, kid })
    },
  )
}

const changing = (command: Command): Command =>
  command.option('--reason <text>', 'why, for the audit trail').option('--cause <cause>', causes.join(', '))

async function prepare(
  kid: string,
  self: Command,
): Promise<{
  output: Output
  target: Target
  request: { kid: string; reason: string; force?: boolean }
}> {
  const flags = self.optsWithGlobals<KeyFlags>()
  const target = chooseTarget(flags)
  const cause = causeOf(flags.cause)
  // An unknown kid is said before a reason is asked for.
  getKey((await readRing(target.file.store)).document, kid)
  const reason = await reasonOf(flags.reason)
  return {
    output: new Output(flags),
    target,
    request: { kid, reason, ...cause, ...(flags.force && { force: true }) },
  }
}

/** Looks in every environment of the configuration, or in the one ring named. */
async function identify(output: Output, flags: KeyFlags): Promise<void> {
  const text = (await readInput('a secret or a token')).trim()
  const token = peekToken(text)
  const kid = token ? token.kid : kidOf(text)
  for (const target of targetsOf(flags)) {
    const ring = await target.file.store.read().catch(() => undefined)
    const key = ring && find(ring, kid, token ? undefined : text)
    if (!ring || !key) continue
    const { document } = ring
    const at = target.environment === undefined ? '' : ` -e ${target.environment}`
    const where = flags.file === undefined ? at : ` --file ${flags.file}`
    const act = `keyturn emergency${where} --confirm ${document.ring} --cause compromised --reason "…"`
    const age = key.createdAt === null ? 'unknown' : duration(Date.now() / 1000 - key.createdAt)
    output.line(`${token ? 'Token of' : 'Secret'} ${key.kid}`)
    output.line(`Ring     ${document.ring}`)
    output.line(`State    ${key.state}`)
    output.line(`Age      ${age}`)
    if (token) output.line('A token names its key; whether it is genuine says keyturn token verify.')
    if (hasBytes(key) && !token) output.line(`It leaked?  ${act}`)
    output.document('identify', {
      kind: token ? 'token' : 'secret',
      ring: document.ring,
      kid: key.kid,
      state: key.state,
      createdAt: iso(key.createdAt),
      emergency: hasBytes(key) ? act : null,
    })
    return
  }
  throw new KeyturnError(
    'ERR_RING_KEY_NOT_FOUND',
    `no ring here knows this ${token ? 'token' : 'secret'}${kid === undefined ? ': it names no key' : ` (kid ${kid})`}`,
  )
}

function targetsOf(flags: KeyFlags): readonly Target[] {
  const target = chooseTarget(flags)
  return flags.file !== undefined || flags.environment !== undefined || !target.configuration
    ? [target]
    : [target, ...allTargets(flags)]
}

/** A legacy key has a random kid: its text is compared. */
function find(ring: Ring, kid: string | undefined, text: string | undefined): RingKey | undefined {
  if (kid === undefined) return undefined
  const legacy = ring.document.keys.find(
    key => key.legacy && text !== undefined && ring.secrets.get(key.kid)?.reveal() === text,
  )
  return legacy ?? ring.document.keys.find(key => key.kid === kid || key.aliases?.includes(kid))
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
