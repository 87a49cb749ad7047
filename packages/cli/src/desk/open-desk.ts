/** openDesk: the desk of the ring that a command works on. */
import { StoreError } from 'keyturn'
import { clientFor } from '../hub/access.ts'
import { readCredentials } from '../hub/credentials.ts'
import { HubDesk } from '../hub/hub-desk.ts'
import type { HubClient } from '../hub/hub-client.ts'
import type { GlobalFlags, Output } from '../output.ts'
import { allTargets, chooseTarget, type HubTarget, type Target } from '../target.ts'
import { usageError } from '../usage-error.ts'
import { FileDesk } from './file-desk.ts'

export type Desk = FileDesk | HubDesk

/**
 * @throws what `chooseTarget` throws; {KeyturnError} ERR_USAGE when a hub holds several rings and none is named,
 *   or a file another one than `--ring`
 */
export async function openDesk(flags: GlobalFlags, output: Output): Promise<Desk> {
  const target = chooseTarget(flags)
  const desk = await deskOf(target, output, flagsOf(flags))
  if (desk.kind === 'file' && flags.ring !== undefined) await refuseOther(desk, flags.ring)
  return desk
}

/** @param where flags that choose this ring again. Default: those of its environment */
export async function deskOf(target: Target, output: Output, where?: string): Promise<Desk> {
  const flags = where ?? (target.environment === undefined ? '' : ` -e ${target.environment}`)
  if (target.kind === 'file') return new FileDesk(target, output, flags)
  const client = clientFor(target.url)
  const ring = target.ring ?? (await onlyRing(client, output))
  if (target.isLogin && target.ring !== undefined) output.note(`${ring} at ${target.url}`)
  const { limits, settings, environment } = target
  return new HubDesk({
    client,
    ring,
    limits,
    where: flags,
    output,
    ...(settings && { settings }),
    ...(environment !== undefined && { environment }),
  })
}

/** Every ring of the configuration. @throws {ConfigError} ERR_CONFIG_ENVIRONMENT when there is none */
export const allDesks = (flags: GlobalFlags, output: Output): Promise<readonly Desk[]> =>
  Promise.all(allTargets(flags).map(target => deskOf(target, output)))

/** A hub of which no ring has to be known: also that of the newest login, where a file lies. */
export function openHub(flags: GlobalFlags): { readonly target: HubTarget; readonly client: HubClient } {
  const target = chooseTarget(flags)
  if (target.kind === 'hub') return { target, client: clientFor(target.url) }
  const isNamed = flags.file !== undefined || flags.environment !== undefined
  if (isNamed) throw usageError(`${target.file.name} is a file with one ring: this is for hubs`)
  const { current } = readCredentials()
  if (current === null)
    throw usageError('no hub is chosen: name one with --hub URL or KEYTURN_URL, or log in: keyturn login URL')
  return openHub({ ...flags, hub: current })
}

async function onlyRing(client: HubClient, output: Output): Promise<string> {
  const { rings } = await client.get<{ rings: readonly { readonly ring: string }[] }>(['rings'])
  const [first, ...others] = rings.map(({ ring }) => ring)
  if (first === undefined)
    throw new StoreError('ERR_STORE_MISSING', `${client.url} holds no ring yet: keyturn ring create NAME`)
  if (others.length > 0)
    throw usageError(
      `${client.url} holds several rings: name one with --ring: ${[first, ...others].join(', ')}`,
    )
  output.note(`${first}, the only ring at ${client.url}`)
  return first
}

async function refuseOther(desk: FileDesk, ring: string): Promise<void> {
  const found = await desk.record().catch(() => undefined)
  if (!found || found.document.generation === 0 || found.document.ring === ring) return
  throw usageError(
    `${desk.name} holds the ring ${found.document.ring}, not ${ring}; for a ring of a hub add --hub URL`,
  )
}

/** The flags that choose this ring again, for a command to be typed. */
export function flagsOf(flags: GlobalFlags): string {
  const config = flags.config === undefined ? '' : ` --config ${flags.config}`
  const hub = flags.hub === undefined ? '' : ` --hub ${flags.hub}`
  if (flags.environment !== undefined) return `${config}${hub} -e ${flags.environment}`
  if (flags.file !== undefined) return `${config} --file ${flags.file}`
  return `${config}${hub}${flags.ring === undefined ? '' : ` --ring ${flags.ring}`}`
}
