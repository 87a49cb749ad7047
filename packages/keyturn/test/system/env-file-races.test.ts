/** Many processes at one file: no torn ring, one winner per generation, and nothing lost to a kill. */
import { randomInt } from 'node:crypto'
import { appendFileSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { envFile } from '../../src/stores/env-file.ts'
import { parseDotenv } from '../../src/stores/env-file/dotenv.ts'
import { newRingFile, swapNext } from '../ring-file.ts'
import { startWorker, type Worker } from './worker-processes.ts'

const pause = (milliseconds: number): Promise<void> =>
  new Promise(resolve => setTimeout(resolve, milliseconds))
const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1)

/** Generations that a writer says it has won. */
const wonBy = (writer: Worker): number[] =>
  writer
    .stdout()
    .split('\n')
    .filter(line => /^\d+$/.test(line))
    .map(Number)

describe('one file', () => {
  it('is never torn for 64 processes that read during 200 changes', async () => {
    const { path, file } = await newRingFile()
    const readers = Array.from({ length: 64 }, () => startWorker('read-rings.js', [path]))
    await Promise.all(readers.map(reader => reader.printed('reading')))

    const writer = startWorker('write-rings.js', [path, 'writer', '201'])
    expect((await writer.ended).stderr).toBe('')
    expect(wonBy(writer)).toHaveLength(200)

    await pause(1000)
    for (const reader of readers) reader.child.stdin?.end()
    let seen = 0
    for (const { stdout, stderr } of await Promise.all(readers.map(reader => reader.ended))) {
      const told = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as { seen: number; last: number }
      expect(told, stderr).toMatchObject({ faults: [], last: 201 })
      seen += told.seen
    }
    // They did read while the ring changed.
    expect(seen).toBeGreaterThan(64 * 3)
    expect((await file.trail()).notes).toEqual([])
  })

  it('has one winner for each generation among 20 writers, and one audit entry', async () => {
    const { path, file, text } = await newRingFile()
    const last = 161
    const writers = Array.from({ length: 20 }, (_, index) =>
      startWorker('write-rings.js', [path, `writer-${index}`, String(last)]),
    )
    const outcomes = await Promise.all(writers.map(writer => writer.ended))
    for (const { code, stderr } of outcomes) expect(code, stderr).toBe(0)

    const winners = writers.flatMap((writer, index) =>
      wonBy(writer).map(generation => [generation, `writer-${index}`]),
    )
    winners.sort(([a], [b]) => Number(a) - Number(b))
    expect(winners.map(([generation]) => generation)).toEqual(upTo(last).slice(1))
    const { entries, notes } = await file.trail()
    expect(notes).toEqual([])
    expect(entries.map(entry => entry.generation)).toEqual(upTo(last))
    expect(entries.slice(1).map(entry => [entry.generation, entry.actor])).toEqual(winners)
    expect(text()).toMatch(/^# first\nDATABASE_URL="postgres:\/\/x" # note\n/)
    expect(readdirSync(file.stateFolder).sort()).toEqual(['audit.jsonl', 'leases'])
  })

  it('stays whole while writers are killed at random moments', { timeout: 900_000 }, async () => {
    const { folder, path, text } = await newRingFile()
    appendFileSync(path, '# last: clé 🔑')
    const { store } = envFile(path)
    let highest = 1
    for (let round = 0; round < 40; round += 1) {
      const writers = upTo(3).map(each =>
        startWorker('write-rings.js', [path, `writer-${round}-${each}`, '1000000', 'until-killed']),
      )
      await Promise.all(writers.map(writer => writer.printed('ready')))
      for (const writer of writers) {
        await pause(randomInt(1, 60))
        writer.child.kill('SIGKILL')
      }
      await Promise.all(writers.map(writer => writer.ended))

      const ring = await store.read()
      expect(ring?.edited).toBeUndefined()
      const generation = ring?.document.generation ?? -1
      expect(generation).toBeGreaterThanOrEqual(Math.max(highest, ...writers.flatMap(wonBy)))
      highest = generation
      expect(text()).toMatch(/^# first\nDATABASE_URL="postgres:\/\/x" # note\nJWT_SECRET_KEY=/)
      expect(text()).toMatch(/\n# last: clé 🔑$/)
      const names = parseDotenv(text()).map(({ name }) => name)
      expect(new Set(names).size).toBe(names.length)
    }
    expect(highest).toBeGreaterThan(40)

    // The next writer finds nothing in its way, and leaves nothing of theirs behind.
    const file = envFile(path)
    const ring = await store.read()
    if (!ring) throw new Error('the ring is gone')
    await swapNext(file, ring)
    const { entries, notes } = await file.trail()
    expect(notes).toEqual([])
    expect(entries.map(entry => entry.generation)).toEqual(upTo(highest + 1))
    expect(readdirSync(folder).sort()).toEqual(['.env', '.keyturn'])
    expect(readFileSync(file.auditPath, 'utf8').endsWith('\n')).toBe(true)
  })
})
