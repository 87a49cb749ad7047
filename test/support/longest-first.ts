/** LongestFirst: vitest's order of files, with those first that take minutes: begun last, they would run on alone at the end. */
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** By how long they take, longest first: where there is no cache, vitest goes by their size. */
const longest = [
  'test/system/crash.test.ts',
  'test/system/under-load.test.ts',
  'test/system/hub/outages.test.ts',
  'test/system/env-file-races.test.ts',
  'test/system/hub/under-load.test.ts',
  'test/system/show.test.ts',
  'test/system/pause.test.ts',
  'test/system/hub/replica-killed.test.ts',
  'test/system/hub/cut-connections.test.ts',
  'test/system/lock.test.ts',
  'test/simulation/simulation.test.ts',
  'test/contract/postgres-store.test.ts',
  'test/contract/debian-postgres-store.test.ts',
  'test/hub-offline.test.ts',
  'test/hub-ring.test.ts',
  'src/database/postgres-pool.test.ts',
  'test/token-interop.test.ts',
  'packages/cli/test/rotate.test.ts',
]

const place = ({ moduleId }: TestSpecification): number => {
  const found = longest.findIndex(end => moduleId.endsWith(`/${end}`))
  return found < 0 ? longest.length : found
}

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    // Among projects their order stays.
    const group = ({ project }: TestSpecification): number => project.config.sequence.groupOrder
    return sorted.sort((a, b) => group(a) - group(b) || place(a) - place(b))
  }
}
