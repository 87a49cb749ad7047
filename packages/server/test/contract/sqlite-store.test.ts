/** A ring in SQLite keeps the contract. Its handles share a connection: one hub works on a data folder. */
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { onTestFinished } from 'vitest'
import { killWriter } from '../../../keyturn/test/contract/kill-writer.ts'
import { storeContract } from '../../../keyturn/test/contract/store-contract.ts'
import { cannot, type NewPlace, type Undo } from '../../../keyturn/test/contract/store-place.ts'
import { temporaryFolder } from '../../../keyturn/test/temporary-folder.ts'
import { databasePath, openDatabase, type Database } from '../../src/database/open-database.ts'
import { handleOn, masterKey } from './sql-handle.ts'
import { backUpRow, expectFindable } from './sql-rows.ts'

const nobody = 65_534

const newPlace: NewPlace = async ring => {
  const outer = temporaryFolder()
  const folder = join(outer, 'data')
  mkdirSync(folder, { mode: 0o700 })
  let shared: Promise<Database> | undefined
  let isCut = false
  let ends: (() => void)[] = []

  const open = (): Promise<Database> => openDatabase({ data: folder })
  const close = async (): Promise<void> => {
    for (const end of ends) end()
    ends = []
    const closing = shared
    shared = undefined
    await (await closing)?.close()
  }
  onTestFinished(close)
  const cutting = async (cut: () => Undo): Promise<Undo> => {
    const undo = cut()
    isCut = true
    return async () => {
      isCut = false
      await undo()
    }
  }

  return {
    open: async () => {
      // What is open stays open, whatever becomes of the file: only a hub that starts now notices.
      if (isCut) {
        const refused = await open()
        onTestFinished(() => refused.close())
        return handleOn(refused, ring)
      }
      shared ??= open()
      const handle = handleOn(await shared, ring)
      ends.push(handle.end)
      return handle
    },
    keepsOpen: true,
    deny:
      process.geteuid === undefined
        ? cannot('this system knows no users')
        : () => cutting(() => deny(folder)),
    cutOff: () =>
      cutting(() => {
        const away = join(outer, 'away')
        renameSync(folder, away)
        writeFileSync(folder, '')
        return async () => {
          rmSync(folder)
          renameSync(away, folder)
        }
      }),
    backUpRing: async () => backUpRow(await (shared ??= open()), ring),
    backUpAll: async () => {
      const backup = join(outer, 'backup.db')
      const { db } = await (shared ??= open())
      await sql`vacuum into ${backup}`.execute(db)
      return async () => {
        await close()
        for (const name of readdirSync(folder)) rmSync(join(folder, name))
        copyFileSync(backup, databasePath(folder))
      }
    },
    killWriter: killWriter({
      module: new URL('./crash-sql.js', import.meta.url).href,
      function: 'openSql',
      arguments: [ring, folder],
      environment: { KEYTURN_MASTER_KEY: masterKey },
      failpoints: ['sql.before-audit', 'sql.before-commit', 'sql.after-commit'],
    }),
    atRest: {
      isSealed: true,
      bytes: async () => expectFindable(bytesIn(folder), ring),
    },
  }
}

/** Root is denied nothing, so it becomes somebody else; everybody else loses the folder. */
function deny(folder: string): Undo {
  if (process.geteuid?.() === 0) {
    process.seteuid?.(nobody)
    return async () => void process.seteuid?.(0)
  }
  const { mode } = statSync(folder)
  chmodSync(folder, 0)
  return async () => chmodSync(folder, mode & 0o777)
}

const bytesIn = (folder: string): Buffer =>
  Buffer.concat(readdirSync(folder).map(name => readFileSync(join(folder, name))))

storeContract('the store in SQLite', newPlace)
