/** sharedKids: secrets that stand in more than one ring of the configuration. */
import { ConfigError } from 'keyturn'
import { hasBytes, type RingKey } from 'keyturn/ring'
import type { Target } from './target.ts'

export interface SharedKid {
  readonly kid: string
  readonly environments: readonly string[]
}

/** A suspended key is dead already, and goes by itself. */
const isInUse = (key: RingKey): boolean => hasBytes(key) && key.state !== 'suspended'

/** Rings that cannot be read share nothing that could be told. */
export async function sharedKids(targets: readonly Target[]): Promise<readonly SharedKid[]> {
  const holders = new Map<string, string[]>()
  for (const { file, environment, ring } of targets) {
    const found = await file.store.read().catch(() => undefined)
    for (const key of found?.document.keys.filter(isInUse) ?? [])
      holders.set(key.kid, [...(holders.get(key.kid) ?? []), environment ?? ring])
  }
  return [...holders]
    .filter(([, names]) => names.length > 1)
    .map(([kid, environments]) => ({ kid, environments }))
}

/** @throws {ConfigError} ERR_CONFIG_SECRET_SHARED */
export async function refuseShared(targets: readonly Target[], among: readonly Target[]): Promise<void> {
  const names = among.map(({ environment, ring }) => environment ?? ring)
  const shared = (await sharedKids(targets)).find(({ environments }) =>
    environments.some(name => names.includes(name)),
  )
  if (!shared) return
  throw new ConfigError(
    'ERR_CONFIG_SECRET_SHARED',
    `the environments ${shared.environments.join(' and ')} share the secret ${shared.kid}`,
  )
}
