/** newRingFile: a `.env` file with a ring in it, in a folder of its own. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expectedOf } from '../src/ports/hash.ts'
import type { Ring } from '../src/ports/ring-store.ts'
import { envFile, type EnvFile, type EnvFileOptions } from '../src/stores/env-file.ts'
import { changed, firstRing } from './sample-rings.ts'
import { temporaryFolder } from './temporary-folder.ts'

export const nothing = { epoch: 0, generation: 0, hash: '' }

export interface RingFile {
  readonly folder: string
  readonly path: string
  readonly file: EnvFile
  /** The ring that was written. */
  readonly ring: Ring
  text(): string
}

/** A file at generation 1 whose ring stands between other lines. */
export async function newRingFile(options: EnvFileOptions = {}): Promise<RingFile> {
  const folder = temporaryFolder()
  const path = join(folder, '.env')
  writeFileSync(path, '# first\nDATABASE_URL="postgres://x" # note\n', { mode: 0o600 })
  const file = envFile(path, options)
  const ring = firstRing()
  await file.store.compareAndSwap(nothing, ring)
  return { folder, path, file, ring, text: () => readFileSync(path, 'utf8') }
}

/** The same ring one generation further, with nothing else changed. */
export const nextRing = (ring: Ring, reason = 'another generation'): Ring =>
  changed(ring, document => ({ ...document, generation: document.generation + 1 }), { deed: { reason } })

/** Puts the next generation in place of the ring. */
export async function swapNext(file: EnvFile, ring: Ring, reason?: string): Promise<Ring> {
  const next = nextRing(ring, reason)
  await file.store.compareAndSwap(expectedOf(ring.document), next)
  return next
}
