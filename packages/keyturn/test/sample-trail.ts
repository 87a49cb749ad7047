/** sampleTrail: audit entries that follow each other, as changes make them. */
import { hashOf } from '../src/ports/hash.ts'
import type { AuditEntry } from '../src/ring/document.ts'

/** So many entries from generation 1 on. */
export function sampleTrail(
  length: number,
  reasonOf = (generation: number) => `change ${generation}`,
): AuditEntry[] {
  const entries: AuditEntry[] = []
  for (let generation = 1; generation <= length; generation += 1) {
    const before = entries.at(-1)
    entries.push({
      v: 1,
      ring: 'immonow/test',
      epoch: 0,
      generation,
      at: new Date(1_700_000_000_000 + generation * 60_000).toISOString(),
      action: generation % 2 === 0 ? 'rotate.stage' : 'rotate.activate',
      mode: 'graceful',
      actor: 'tester@host',
      reason: reasonOf(generation),
      cause: 'scheduled',
      keys: [[`key-${generation}`, 'staged', 'active']],
      cutoff: 0,
      prev: before ? hashOf(before) : '',
    })
  }
  return entries
}
