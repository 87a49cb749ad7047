/** A ring in a `.env` file keeps the contract. */
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { envFile } from '../../src/stores/env-file.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { killWriter } from './kill-writer.ts'
import { storeContract } from './store-contract.ts'
import { cannot, type NewPlace, type Undo } from './store-place.ts'

const nobody = 65_534

const newPlace: NewPlace = async () => {
  const outer = temporaryFolder()
  const folder = join(outer, 'app')
  mkdirSync(folder, { mode: 0o700 })
  const path = join(folder, '.env')
  return {
    open: async () => {
      const { store, leases, trail } = envFile(path)
      return { store, leases, audit: { read: trail } }
    },
    deny: process.geteuid === undefined ? cannot('this system knows no users') : async () => deny(folder),
    cutOff: async () => {
      // As when a file system fails: what was a folder answers that it is none.
      const away = join(outer, 'away')
      renameSync(folder, away)
      writeFileSync(folder, '')
      return async () => {
        rmSync(folder)
        renameSync(away, folder)
      }
    },
    backUpRing: async () => {
      const backup = join(outer, 'backup')
      copyFileSync(path, backup)
      return async () => copyFileSync(backup, path)
    },
    backUpAll: async () => {
      const backup = join(outer, 'backup-all')
      cpSync(folder, backup, { recursive: true })
      return async () => {
        rmSync(folder, { recursive: true })
        cpSync(backup, folder, { recursive: true })
      }
    },
    killWriter: killWriter({
      module: 'keyturn/stores/env-file',
      function: 'envFile',
      arguments: [path],
      failpoints: [
        'store.locked',
        'file.before-temporary',
        'file.half-written',
        'file.before-rename',
        'file.after-rename',
        'file.after-sync',
        'audit.before-append',
        'audit.half-written',
      ],
    }),
    atRest: { isSealed: false, bytes: async () => bytesIn(folder) },
  }
}

/** Root is denied nothing, so it becomes somebody else; everybody else loses the folder. */
async function deny(folder: string): Promise<Undo> {
  if (process.geteuid?.() === 0) {
    process.seteuid?.(nobody)
    return async () => process.seteuid?.(0)
  }
  const { mode } = statSync(folder)
  chmodSync(folder, 0)
  return async () => chmodSync(folder, mode & 0o777)
}

const bytesIn = (folder: string): Buffer =>
  Buffer.concat(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => readFileSync(join(entry.parentPath, entry.name))),
  )

storeContract('the store in a .env file', newPlace)
