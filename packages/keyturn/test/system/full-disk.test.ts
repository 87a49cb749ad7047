/** A disk that fills up while a ring is being written. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../temporary-folder.ts'
import { inMounts, needNamespaces } from './namespaces.ts'
import { runWorker } from './worker-processes.ts'

interface Try {
  readonly free: number
  readonly code?: string
  readonly name?: string
  readonly generation?: number
  readonly unchanged: boolean
  readonly others: number
  readonly stored: number
  readonly files: readonly string[]
  readonly trail: readonly number[]
}

describe('a full disk', () => {
  it('changes nothing, whichever octet no longer fits, and is told for what it is', async context => {
    needNamespaces(context, 'mounts')
    const folder = join(temporaryFolder(), 'small')
    mkdirSync(folder)
    const under = inMounts(`mount -t tmpfs -o size=256k,mode=700 tmpfs '${folder}'`)
    const { stdout, stderr } = await runWorker('fill-disk.js', [folder], { under })
    const tries = stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as Try)
    expect(tries.length, stderr).toBeGreaterThan(4)

    for (const each of tries.slice(0, -1)) {
      expect(each).toMatchObject({
        code: 'ERR_STORE_FULL',
        name: 'StoreError',
        unchanged: true,
        others: 300,
        stored: 1,
        trail: [1],
      })
      expect([...each.files].sort()).toEqual(['.env', '.keyturn', 'audit.jsonl', 'filler', 'leases'])
    }
    expect(tries.at(-1)).toMatchObject({ generation: 2, others: 300, stored: 2 })
    expect(tries.at(-1)?.files).not.toContain('lock')
  })
})
