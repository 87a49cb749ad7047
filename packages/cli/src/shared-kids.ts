/** sharedKids: secrets that stand in more than one ring of the configuration. */
import { ConfigError } from 'keyturn'
import { hasBytes, type RingKey } from 'keyturn/ring'
import type { RingDesk } from './desk/ring-desk.ts'

export interface SharedKid {
  readonly kid: string
  readonly environments: readonly string[]
}

/** A suspended key is dead already, and goes by itself. */
const isInUse = (key: RingKey): boolean => hasBytes(key) && key.state !== 'suspended'

/** Rings that cannot be read share nothing that could be told. */
export async function sharedKids(desks: readonly RingDesk[]): Promise<readonly SharedKid[]> {
  const holders = new Map<string, string[]>()
  for (const desk of desks) {
    const found = await desk.record().catch(() => undefined)
    for (const key of found?.document.keys.filter(isInUse) ?? [])
      holders.set(key.kid, [...(holders.get(key.kid) ?? []), nameOf(desk)])
  }
  return [...holders]
    .filter(([, names]) => names.length > 1)
    .map(([kid, environments]) => ({ kid, environments }))
}

const nameOf = ({ environment, ring }: RingDesk): string => environment ?? ring

/** @throws {ConfigError} ERR_CONFIG_SECRET_SHARED */
export async function refuseShared(desks: readonly RingDesk[], among: readonly RingDesk[]): Promise<void> {
  const names = among.map(nameOf)
  const shared = (await sharedKids(desks)).find(({ environments }) =>
    environments.some(name => names.includes(name)),
  )
  if (!shared) return
  throw new ConfigError(
    'ERR_CONFIG_SECRET_SHARED',
    `the environments ${shared.environments.join(' and ')} share the secret ${shared.kid}`,
  )
}
