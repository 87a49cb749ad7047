/** storeContract: what every store promises, as tests. One suite for all of them. */
import { describe } from 'vitest'
import { accessContract } from './access-contract.ts'
import { backupContract } from './backup-contract.ts'
import { leaseContract } from './lease-contract.ts'
import { raceContract } from './race-contract.ts'
import { secretContract } from './secret-contract.ts'
import type { NewPlace } from './store-place.ts'
import { swapContract } from './swap-contract.ts'
import { trailContract } from './trail-contract.ts'
import { watchContract } from './watch-contract.ts'

/**
 * Declares the suite. What a store cannot do is skipped, and says why.
 * @param name of the store, for titles
 */
export function storeContract(name: string, newPlace: NewPlace): void {
  describe(name, { timeout: 120_000 }, () => {
    swapContract(newPlace)
    secretContract(newPlace)
    raceContract(newPlace)
    trailContract(newPlace)
    watchContract(newPlace)
    leaseContract(newPlace)
    accessContract(newPlace)
    backupContract(newPlace)
  })
}
