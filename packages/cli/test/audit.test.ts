import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { documentOf } from '../../../test/support/cli.ts'
import { makeRing, type RingFolder } from './ring-folder.ts'

interface Entry {
  readonly generation: number
  readonly action: string
  readonly reason: string
  readonly cause?: string
  readonly actor: string
  readonly at: string
}

const trailOf = (ring: RingFolder): string => join(ring.folder, '.keyturn', 'env', 'audit.jsonl')

async function makeTrail(): Promise<RingFolder> {
  const ring = await makeRing()
  const done = await ring.run([
    'rotate',
    '--mode',
    'hard',
    '--reason',
    'an employee left: "J", 50 % $HOME',
    '--cause',
    'access-holder-left',
    '--no-fleet',
  ])
  expect(done, done.stderr).toMatchObject({ code: 0 })
  return ring
}

describe('keyturn audit', () => {
  it('lists each change once: when, what, who, why', async () => {
    const ring = await makeTrail()
    const { entries } = documentOf<{ entries: Entry[] }>(await ring.run(['audit', 'list', '--json']))
    expect(entries.map(entry => entry.generation)).toEqual([1, 2, 3])
    expect(entries.map(entry => entry.action)).toEqual(['init', 'rotate.stage', 'rotate.activate'])
    expect(entries[2]).toMatchObject({
      reason: 'an employee left: "J", 50 % $HOME',
      cause: 'access-holder-left',
    })
    for (const { actor, at } of entries) {
      expect(actor).toMatch(/^\S.*@\S+$/)
      expect(Math.abs(Date.parse(at) - Date.now())).toBeLessThan(600_000)
    }
    expect((await ring.run(['audit', 'list', '--limit', '1', '--plain'])).stdout.split('\n')).toHaveLength(2)
    expect((await ring.run(['audit', 'show', '3'])).stdout).toContain('active → suspended')
    expect(await ring.run(['audit', 'show', '9'])).toMatchObject({ code: 5 })
  })

  it('verifies an intact trail', async () => {
    const ring = await makeTrail()
    const done = await ring.run(['audit', 'verify'])
    expect(done).toMatchObject({ code: 0 })
    expect(done.stdout).toContain('3 entries, chain intact')
  })

  it('exits 8 when a line was altered, removed or swapped', async () => {
    const ring = await makeTrail()
    const lines = readFileSync(trailOf(ring), 'utf8').trimEnd().split('\n')
    const [first = '', second = '', third = ''] = lines
    for (const tampered of [
      [first, second.replace('employee', 'employer'), third],
      [first, third],
      [second, third],
      [first, third, second],
      [first, second, second, third],
      [first, '{}', third],
    ]) {
      writeFileSync(trailOf(ring), `${tampered.join('\n')}\n`)
      const done = await ring.run(['audit', 'verify'])
      expect(done, tampered.join('\n')).toMatchObject({ code: 8 })
      expect(done.stdout).toMatch(/line \d/)
    }
  })

  it('takes an open last entry and a torn last line for notes', async () => {
    const ring = await makeTrail()
    const text = readFileSync(trailOf(ring), 'utf8')
    const withoutLast = text.slice(0, text.trimEnd().lastIndexOf('\n') + 1)
    truncateSync(trailOf(ring), withoutLast.length)
    const open = await ring.run(['audit', 'verify'])
    expect(open).toMatchObject({ code: 0 })
    expect(open.stderr).toContain('not yet in the file')
    appendFileSync(trailOf(ring), text.slice(withoutLast.length, withoutLast.length + 40))
    const torn = await ring.run(['audit', 'verify'])
    expect(torn).toMatchObject({ code: 0 })
    expect(torn.stderr).toContain('torn')
    // The next change writes it whole again.
    expect(await ring.run(['rollback', '--reason', 'x', '--no-fleet'])).toMatchObject({ code: 0 })
    expect((await ring.run(['audit', 'verify'])).stdout).toContain('5 entries')
  })

  it('follows auditPath', async () => {
    const ring = await makeRing({ production: { auditPath: 'trail/audit.jsonl' } })
    expect(readFileSync(join(ring.folder, 'trail', 'audit.jsonl'), 'utf8')).toContain('"action":"init"')
    expect(await ring.run(['audit', 'verify'])).toMatchObject({ code: 0 })
  })
})
