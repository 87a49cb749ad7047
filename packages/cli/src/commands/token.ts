/** keyturn token: inspect, verify, self-test. */
import type { Command } from 'commander'
import { createKeyring, KeyturnError, TokenError, type Keyring } from 'keyturn'
import { deskOf } from '../desk/open-desk.ts'
import type { Ring } from 'keyturn/ports'
import { iso } from '../moments.ts'
import { Output, type GlobalFlags } from '../output.ts'
import { peekToken } from '../peek-token.ts'
import { chooseTarget, type FileTarget, type HubTarget } from '../target.ts'
import { readInput } from '../usage.ts'

export default (command: Command): void => {
  command.action(() => command.help({ error: true }))
  command
    .command('inspect')
    .description('what a token on standard input says of itself; its signature is not shown, and not checked')
    .action(async (_, self: Command) => {
      const output = new Output(self.optsWithGlobals<GlobalFlags>())
      const token = peekToken((await readInput('a token')).trim())
      if (!token) throw new TokenError('ERR_TOKEN_MALFORMED', 'the input is not a compact JWS')
      output.line(`header   ${JSON.stringify(token.header)}`)
      output.line(`payload  ${JSON.stringify(token.payload)}`)
      for (const name of ['iat', 'nbf', 'exp']) {
        const time = token.payload[name]
        if (typeof time === 'number' && Number.isFinite(time))
          output.line(`${name.padEnd(9)}${safeIso(time)}`)
      }
      output.note('not verified: anybody can write this')
      output.document('token', { header: token.header, payload: token.payload, verified: false })
    })
  command
    .command('verify')
    .description('whether a token on standard input is accepted now, and why not')
    .action(async (_, self: Command) => {
      const flags = self.optsWithGlobals<GlobalFlags>()
      const output = new Output(flags)
      const text = (await readInput('a token')).trim()
      await withKeyring(flags, output, async keyring => {
        const { payload, kid, header } = await keyring.authenticate(text)
        output.line(
          `${output.mark('ok')} accepted: signed by ${kid}, ${header.alg}, until ${safeIso(payload.exp ?? 0)}`,
        )
        output.document('token', { header, payload, kid, verified: true })
      })
    })
  command
    .command('self-test')
    .description('sign a token with the active key and verify it, as the application would')
    .action(async (_, self: Command) => {
      const flags = self.optsWithGlobals<GlobalFlags>()
      const output = new Output(flags)
      await withKeyring(flags, output, async keyring => {
        const token = keyring.sign({ sub: 'self-test' }, { expiresIn: Math.min(60, keyring.maxTokenLife) })
        const { kid, header } = await keyring.authenticate(token)
        const forged = `${token.slice(0, -4)}${token.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`
        const refused = await keyring.authenticate(forged).then(
          () => false,
          (error: unknown) => error instanceof TokenError,
        )
        if (!refused) throw new KeyturnError('ERR_TOKEN_SIGNATURE', 'a forged token was accepted')
        output.line('JWT service initialized successfully')
        output.line(
          `${keyring.ring}: ${kid} signs and verifies with ${header.alg}; a forged token is refused`,
        )
        output.document('self-test', { ring: keyring.ring, kid, alg: header.alg, ok: true })
      })
    })
}

/** Looks as an application would, without becoming an instance that a gate waits for, and without writing. */
async function withKeyring(
  flags: GlobalFlags,
  output: Output,
  use: (keyring: Keyring) => Promise<void>,
): Promise<void> {
  const target = chooseTarget(flags, { login: false })
  const { name, ring } = target.kind === 'file' ? await ringIn(target, flags) : await ringAt(target, output)
  const keyring = await createKeyring({
    // Without a file it is the environment that an application would start with.
    ...(ring && { source: { kind: 'fixed', name, read: () => ring } }),
    ...(target.kind === 'file' && { variable: target.file.names.active }),
    log: () => undefined,
  })
  await use(keyring)
}

interface Found {
  readonly name: string
  readonly ring: Ring | undefined
}

async function ringIn({ file }: FileTarget, flags: GlobalFlags): Promise<Found> {
  const ring = await file.store.read()
  if (!ring && (flags.file !== undefined || flags.environment !== undefined))
    throw new KeyturnError('ERR_STORE_MISSING', `${file.name} holds no ring`)
  if (ring?.edited)
    throw new KeyturnError('ERR_RING_EDITED', `${file.name} was edited by hand: restart pending`)
  return { name: file.name, ring }
}

/** A hub shows secrets to instances only, so the access token has to be one's. */
async function ringAt(target: HubTarget, output: Output): Promise<Found> {
  const desk = await deskOf(target, output)
  return { name: desk.name, ring: await desk.material() }
}

function safeIso(seconds: number): string {
  try {
    return iso(seconds) ?? ''
  } catch {
    return 'out of range'
  }
}
