/** The reference in memory keeps the contract. */
import { memoryAudit, memoryLeases, memoryStore } from '../../src/ports/memory.ts'
import { held, put } from './contract-rings.ts'
import { storeContract } from './store-contract.ts'
import { cannot, type NewPlace } from './store-place.ts'

const newPlace: NewPlace = async () => {
  let audit = memoryAudit()
  let store = memoryStore({ audit })
  let leases = memoryLeases()
  return {
    // Nobody else has this memory: handles are one and the same.
    open: async () => ({ store, leases, audit }),
    deny: cannot('nobody is denied the memory of a process'),
    cutOff: cannot('the memory of a process is never out of reach'),
    backUpRing: async () => {
      const backup = await held(store)
      return async () => void (await put(store, backup, await held(store)))
    },
    backUpAll: async () => {
      const [ring, board, { entries }] = [await held(store), await leases.list(), await audit.read()]
      return async () => {
        audit = memoryAudit()
        for (const entry of entries) await audit.append(entry)
        store = memoryStore({ ring, audit })
        leases = memoryLeases()
        for (const lease of board) await leases.put(lease)
      }
    },
    killWriter: cannot('memory dies with its writer'),
    atRest: cannot('nothing of it is on a disk'),
  }
}

storeContract('the store in memory', newPlace)
