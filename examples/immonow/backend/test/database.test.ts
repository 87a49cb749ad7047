import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

import { openDatabase } from '../src/database/database.ts'
import { migrate } from '../src/database/migrations.ts'
import { Problem } from '../src/http/problem.ts'
import { temporaryDatabase, temporaryFolder } from './temporary-database.ts'

const addUser = `INSERT INTO users (id, email, name, role, created_at) VALUES (?, ?, 'x', 'member', 0)`

describe('openDatabase', () => {
  it('returns rows without the driver’s metadata, and undefined for none', async () => {
    const database = await temporaryDatabase()
    expect(database.get('SELECT 1 AS one WHERE 1 = ?', 1)).toEqual({ one: 1 })
    expect(database.get('SELECT 1 AS one WHERE 1 = ?', 2)).toBeUndefined()
  })

  it('refuses values that would abort the process or lose text', async () => {
    const database = await temporaryDatabase()
    for (const value of [true, undefined, {}, NaN, 'a\0b', new Date()]) {
      expect(() => database.get('SELECT ?', value as never)).toThrow(TypeError)
    }
  })

  it('takes back everything when the work throws', async () => {
    const database = await temporaryDatabase()
    const work = database.write(connection => {
      connection.run(addUser, 'a', 'a@example.org')
      throw new Error('no')
    })
    await expect(work).rejects.toThrow('no')
    expect(database.get('SELECT 1 FROM users WHERE id = ?', 'a')).toBeUndefined()
    expect(await database.write(connection => connection.run(addUser, 'a', 'a@example.org'))).toBe(1)
  })

  it('waits for the lock of another process without blocking the event loop', async () => {
    const folder = temporaryFolder()
    const file = join(folder, 'immonow.sqlite')
    const database = await temporaryDatabase(file)
    const holder = await openDatabase(file)
    holder.run('BEGIN IMMEDIATE')
    const write = database.write(connection => connection.run(addUser, 'b', 'b@example.org'))
    let ticks = 0
    const ticker = setInterval(() => ticks++, 1)
    await new Promise(resolve => setTimeout(resolve, 200))
    holder.run('COMMIT')
    holder.close()
    await write
    clearInterval(ticker)
    expect(ticks).toBeGreaterThan(2)
    expect(database.get('SELECT id FROM users WHERE id = ?', 'b')).toEqual({ id: 'b' })
  })

  it('gives up with ERR_DATABASE_BUSY when the file stays locked', { timeout: 20_000 }, async () => {
    const folder = temporaryFolder()
    const file = join(folder, 'immonow.sqlite')
    const database = await temporaryDatabase(file)
    const holder = await openDatabase(file)
    holder.run('BEGIN IMMEDIATE')
    const error = await database
      .write(connection => connection.run(addUser, 'c', 'c@e'))
      .catch((e: unknown) => e)
    holder.run('ROLLBACK')
    holder.close()
    expect(error).toBeInstanceOf(Problem)
    expect(error).toMatchObject({ code: 'ERR_DATABASE_BUSY', status: 503 })
  })

  it('refuses a file that is no database', async () => {
    const file = join(temporaryFolder(), 'immonow.sqlite')
    writeFileSync(file, 'this is a shopping list, '.repeat(100))
    await expect(openDatabase(file)).rejects.toMatchObject({ code: 'SQLITE_NOTADB' })
  })
})

describe('migrate', () => {
  it('changes nothing the second time', async () => {
    const database = await temporaryDatabase()
    const before = database.all('SELECT * FROM listings ORDER BY id')
    await migrate(database)
    expect(database.all('SELECT * FROM listings ORDER BY id')).toEqual(before)
  })

  it('refuses a file of a newer program', async () => {
    const database = await temporaryDatabase()
    await database.write(connection => connection.run('PRAGMA user_version = 99'))
    await expect(migrate(database)).rejects.toThrow('schema 99')
  })
})

const program = (source: string): string => {
  const root = new URL('../dist/', import.meta.url).href
  return `
    const { openDatabase } = await import('${root}database/database.js')
    const { migrate } = await import('${root}database/migrations.js')
    const database = await openDatabase(process.argv[1])
    await migrate(database)
    ${source}
    database.close()`
}

async function runAll(file: string, count: number, source: string): Promise<void> {
  const runs = Array.from({ length: count }, async () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', program(source), file], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let errors = ''
    child.stderr.on('data', chunk => (errors += String(chunk)))
    const [code] = (await once(child, 'close')) as [number | null]
    expect(errors).toBe('')
    expect(code).toBe(0)
  })
  await Promise.all(runs)
}

describe('several processes', () => {
  it('start on one new file at once, and one of them makes the schema', { timeout: 60_000 }, async () => {
    const file = join(temporaryFolder(), 'immonow.sqlite')
    await runAll(file, 8, '')
    const database = await temporaryDatabase(file)
    expect(database.get('SELECT count(*) AS listings FROM listings')).toEqual({ listings: 200 })
    expect(database.get('PRAGMA integrity_check')).toEqual({ integrity_check: 'ok' })
  })

  it('write to one file without losing a row', { timeout: 120_000 }, async () => {
    const file = join(temporaryFolder(), 'immonow.sqlite')
    await temporaryDatabase(file)
    const source = `
      for (let index = 0; index < 50; index++) {
        const id = process.pid + '-' + index
        await database.write(connection => connection.run(${JSON.stringify(addUser)}, id, id))
        await new Promise(resolve => setTimeout(resolve, 1))
      }`
    await runAll(file, 4, source)
    const database = await temporaryDatabase(file)
    expect(database.get(`SELECT count(*) AS users FROM users WHERE role = 'member'`)).toEqual({ users: 200 })
  })
})
