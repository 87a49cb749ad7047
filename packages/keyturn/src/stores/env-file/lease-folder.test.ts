import { mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { expectError } from '../../../test/expect-error.ts'
import { temporaryFolder } from '../../../test/temporary-folder.ts'
import { noCounters, type Lease, type LeaseBoard } from '../../ports/lease-board.ts'
import { thisProcess } from '../../process-identity.ts'
import { leaseFolder } from './lease-folder.ts'
import { ownerOf } from '../replace-file.ts'

const leaseOf = (instance: string, more: Partial<Lease> = {}): Lease => ({
  v: 1,
  instance,
  ring: 'immonow/test',
  epoch: 0,
  generation: 1,
  kids: ['a'],
  proofs: { a: 'proof' },
  process: thisProcess(),
  startedAt: 1,
  sentAt: 2,
  counters: noCounters,
  role: 'instance',
  ...more,
})

function newBoard(): { folder: string; board: LeaseBoard } {
  const folder = join(temporaryFolder(), 'leases')
  return {
    folder,
    board: leaseFolder(folder, () => {
      mkdirSync(folder, { recursive: true })
      return ownerOf(folder)
    }),
  }
}

describe('leaseFolder', () => {
  it('shows what was put, and when by its own clock', async () => {
    const { board } = newBoard()
    const lease = leaseOf('one')
    await board.put(lease)
    const [seen] = await board.list()
    const { seenAt, ...rest } = seen ?? { seenAt: 0 }
    expect(rest).toEqual(lease)
    expect(Math.abs(seenAt - Date.now())).toBeLessThan(60_000)
  })

  it('shows a lease of a version that counted less', async () => {
    const { folder, board } = newBoard()
    const lease = leaseOf('one')
    await board.put(lease)
    const { unexpectedSignOuts: _, ...older } = lease.counters
    writeFileSync(join(folder, 'one.json'), JSON.stringify({ ...lease, counters: older }))
    expect(await board.list()).toMatchObject([lease])
  })

  it('takes the time of the file, not of the instance', async () => {
    const { folder, board } = newBoard()
    await board.put(leaseOf('one', { sentAt: 99 }))
    utimesSync(join(folder, 'one.json'), 1_700_000_000, 1_700_000_000)
    expect(await board.list()).toMatchObject([{ sentAt: 99, seenAt: 1_700_000_000_000 }])
  })

  it('keeps one lease for each instance, the last', async () => {
    const { folder, board } = newBoard()
    await board.put(leaseOf('one'))
    await board.put(leaseOf('two'))
    await board.put(leaseOf('one', { generation: 2 }))
    const seen = await board.list()
    expect(seen.map(({ instance, generation }) => `${instance} ${generation}`).sort()).toEqual([
      'one 2',
      'two 1',
    ])
    expect(readdirSync(folder).sort()).toEqual(['one.json', 'two.json'])
    expect(statSync(join(folder, 'one.json')).mode & 0o777).toBe(0o600)
  })

  it('removes a lease, and does not mind when there is none', async () => {
    const { board } = newBoard()
    await board.put(leaseOf('one'))
    await board.remove('one')
    await board.remove('one')
    expect(await board.list()).toEqual([])
  })

  it('is empty before the first lease', async () => {
    expect(await newBoard().board.list()).toEqual([])
  })

  it('stays in its folder, whatever an instance is called', async () => {
    const { folder, board } = newBoard()
    for (const name of ['../../escape', '/etc/x', '..', 'a b\n', 'ünï']) await board.put(leaseOf(name))
    expect((await board.list()).map(({ instance }) => instance)).toHaveLength(5)
    expect(readdirSync(folder)).toHaveLength(5)
    expect(readdirSync(join(folder, '..'))).toEqual(['leases'])
    for (const name of ['../../escape', '/etc/x', '..', 'a b\n', 'ünï']) await board.remove(name)
    expect(readdirSync(folder)).toEqual([])
  })

  it('gives every name a file of its own, which says whose it is as far as a file may', async () => {
    const { folder, board } = newBoard()
    const names = ['a_b', 'a/b', 'a:b', 'A_B', 'backend-7.local', 'Backend', 'x'.repeat(250), 'x'.repeat(251)]
    for (const name of names) await board.put(leaseOf(name))
    expect((await board.list()).map(({ instance }) => instance).sort()).toEqual([...names].sort())
    const files = readdirSync(folder)
    expect(new Set(files.map(file => file.toLowerCase())).size).toBe(names.length)
    expect(files.filter(file => !file.includes('~')).sort()).toEqual(['a_b.json', 'backend-7.local.json'])
    expect(files.find(file => file.startsWith('Backend'))).toMatch(/^Backend~[\da-f]{32}\.json$/)
    await board.remove('a_b')
    expect((await board.list()).map(({ instance }) => instance)).not.toContain('a_b')
    expect(await board.list()).toHaveLength(names.length - 1)
  })

  it('forgets what it cannot read by the name that it shows', async () => {
    const { folder, board } = newBoard()
    for (const name of ['a/b', 'one', 'Two']) {
      await board.put(leaseOf(name))
      for (const file of readdirSync(folder)) writeFileSync(join(folder, file), '{')
    }
    const shown = await board.list()
    expect(shown.map(({ generation }) => generation)).toEqual([-1, -1, -1])
    for (const { instance } of shown) await board.remove(instance)
    expect(await board.list()).toEqual([])
  })

  it('does not forget an instance that bears the name of another file', async () => {
    const { folder, board } = newBoard()
    await board.put(leaseOf('a/b'))
    const [file = ''] = readdirSync(folder)
    await board.remove(basename(file, '.json'))
    expect((await board.list()).map(({ instance }) => instance)).toEqual(['a/b'])
  })

  it('does not take a folder for empty that it cannot read', async () => {
    const { folder, board } = newBoard()
    writeFileSync(folder, '')
    await expectError(() => board.list(), 'ERR_STORE_UNREACHABLE')
  })

  it('shows what it cannot read as somebody of whom nothing is known, so that no gate opens without them', async () => {
    const { folder, board } = newBoard()
    await board.put(leaseOf('one'))
    for (const [name, text] of [
      ['torn.json', JSON.stringify(leaseOf('torn')).slice(0, 50)],
      ['empty.json', ''],
      ['null.json', 'null'],
      ['later.json', JSON.stringify({ ...leaseOf('later'), v: 2 })],
      ['other.txt', JSON.stringify(leaseOf('other'))],
      ['half.json.keyturn-0123456789ab', JSON.stringify(leaseOf('half'))],
    ] as const)
      writeFileSync(join(folder, name), text)
    mkdirSync(join(folder, 'folder.json'))
    const listed = await board.list()
    const strangers = ['empty', 'folder', 'later', 'null', 'torn']
    expect(listed.map(({ instance }) => instance).sort()).toEqual([...strangers, 'one'].sort())
    for (const { instance, generation, proofs, role } of listed)
      if (strangers.includes(instance))
        expect({ generation, proofs, role }).toEqual({ generation: -1, proofs: {}, role: 'instance' })
  })

  it('tells whether the process behind a lease is gone', async () => {
    const { board } = newBoard()
    expect(await board.isProvedDead(leaseOf('one'))).toBe(false)
    expect(await board.isProvedDead(leaseOf('one', { process: { ...thisProcess(), start: '1' } }))).toBe(true)
  })
})
