import { AuditChain, hashOf, memoryAudit, memoryLeases, memoryStore, systemClock } from 'keyturn/ports'
import { defaultLimits, type AuditEntry } from 'keyturn/ring'
import { initRing, rollback, rotate } from 'keyturn/rotation'
import { describe, expect, it } from 'vitest'
import { hashOfEntry, verifyTrail } from './verify-trail.ts'

async function trailOfRotations(): Promise<readonly AuditEntry[]> {
  const audit = memoryAudit()
  const store = memoryStore({ audit })
  const context = { store, leases: memoryLeases(), clock: systemClock, actor: 'anna' }
  await initRing(context, { ring: 'immonow/test', limits: defaultLimits, reason: 'Prüfung "1" <b>\u{1f511}' })
  await rotate(context, { mode: 'graceful', reason: 'quarterly', cause: 'scheduled', noFleet: true })
  await rollback(context, { reason: 'too early', noFleet: true })
  await rotate(context, { mode: 'hard', reason: 'again', force: true, noFleet: true })
  return (await audit.read()).entries
}

/** What the library finds in it. */
function brokenByLibrary(entries: readonly AuditEntry[]): boolean {
  const chain = new AuditChain()
  return entries
    .flatMap((entry, index) => chain.next(entry, index + 1))
    .some(({ severity }) => severity === 'broken')
}

const changed = (entries: readonly AuditEntry[], index: number, by: Partial<AuditEntry>): AuditEntry[] =>
  entries.map((entry, each) => (each === index ? { ...entry, ...by } : entry))

describe('verifyTrail', async () => {
  const trail = await trailOfRotations()
  const last = trail.length - 1

  it('computes the hash that the library computes', async () => {
    for (const entry of trail) expect(await hashOfEntry(entry)).toBe(hashOf(entry))
  })

  it('finds nothing in what the library wrote', async () => {
    expect(trail.length).toBeGreaterThan(4)
    expect(await verifyTrail(trail, trail[last])).toEqual({
      entries: trail.length,
      good: trail[last],
      findings: [],
    })
    expect(brokenByLibrary(trail)).toBe(false)
  })

  it('finds every entry but the newest that was changed, whatever was changed in it', async () => {
    const changes: Partial<AuditEntry>[] = [
      { reason: 'another' },
      { actor: 'somebody' },
      { at: new Date(0).toISOString() },
      { keys: [] },
      { cutoff: 99 },
    ]
    for (const [index] of trail.entries())
      for (const by of changes) {
        const bad = changed(trail, index, by)
        if (index === last || hashOf(bad[index]!) === hashOf(trail[index]!)) continue
        const { findings, good } = await verifyTrail(bad)
        expect(findings).toEqual([{ kind: 'prev', generation: trail[index + 1]!.generation }])
        expect(good).toEqual(trail[index - 1])
        expect(brokenByLibrary(bad)).toBe(true)
      }
  })

  it('finds a changed newest entry by what the ring itself carries', async () => {
    const bad = changed(trail, last, { reason: 'another' })
    expect((await verifyTrail(bad)).findings).toEqual([])
    expect((await verifyTrail(bad, trail[last])).findings).toEqual([
      { kind: 'head', generation: trail[last]!.generation },
    ])
  })

  it('finds that the end was cut off', async () => {
    const { findings, good } = await verifyTrail(trail.slice(0, -1), trail[last])
    expect(findings).toEqual([{ kind: 'head', generation: trail[last]!.generation }])
    expect(good).toEqual(trail[last - 2])
  })

  it('finds an entry that is missing, doubled, or moved', async () => {
    const without = trail.filter((_, index) => index !== 2)
    expect((await verifyTrail(without)).findings.map(({ kind }) => kind)).toEqual(['gap'])
    expect((await verifyTrail(trail.slice(1))).findings.map(({ kind }) => kind)).toEqual(['first'])
    const doubled = [...trail.slice(0, 3), trail[2]!, ...trail.slice(3)]
    expect((await verifyTrail(doubled)).findings.length).toBeGreaterThan(0)
    expect(brokenByLibrary(doubled)).toBe(true)
  })

  it('takes an epoch that follows an older entry for a note, and one that follows none for a fork', async () => {
    const epoch: AuditEntry = {
      ...trail[last]!,
      epoch: trail[last]!.epoch + 1,
      generation: trail[last]!.generation + 1,
      prev: hashOf(trail[1]!),
    }
    expect((await verifyTrail([...trail, epoch])).findings).toEqual([
      { kind: 'epoch', generation: epoch.generation },
    ])
    expect((await verifyTrail([...trail, epoch])).good).toEqual(epoch)
    const foreign = { ...epoch, prev: 'x'.repeat(43) }
    expect((await verifyTrail([...trail, foreign])).findings.map(({ kind }) => kind)).toEqual(['foreign'])
  })
})
