/** A folder with a ring, for tests of the command line. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createKeyring, type Keyring } from 'keyturn'
import { systemClock } from 'keyturn/ports'
import { advance, type RingDocument } from 'keyturn/ring'
import { change } from 'keyturn/rotation'
import { envFile } from 'keyturn/stores/env-file'
import { onTestFinished } from 'vitest'
import { keyturn, type CliOptions, type CliResult } from '../../../test/support/cli.ts'

export interface RingFolder {
  readonly folder: string
  readonly file: string
  /** Runs `keyturn` in the folder. */
  run(args: readonly string[], options?: CliOptions): Promise<CliResult>
  /** An instance of this very process. */
  join(): Promise<Keyring>
  /** Changes the document behind the command line's back. */
  alter(apply: (document: RingDocument) => Partial<RingDocument>): Promise<void>
}

/** @param environments settings by name; without any there is no configuration */
export async function makeRing(
  environments: Record<string, Record<string, unknown>> = {},
  init = true,
): Promise<RingFolder> {
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-cli-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, '.env')
  const store = { type: 'env-file', path: '.env' }
  if (Object.keys(environments).length > 0) {
    const named = Object.fromEntries(
      Object.entries(environments).map(([name, settings]) => [name, { store, ...settings }]),
    )
    writeFileSync(
      join(folder, 'keyturn.config.json'),
      JSON.stringify({ application: 'immonow', environments: named }),
    )
  }
  const run = (args: readonly string[], options: CliOptions = {}): Promise<CliResult> =>
    keyturn(args, { cwd: folder, ...options })
  if (init) {
    const done = await run(['init'])
    if (done.code !== 0) throw new Error(done.stderr)
  }
  return {
    folder,
    file,
    run,
    join: async () => {
      const keyring = await createKeyring({ source: envFile(file), log: () => undefined })
      onTestFinished(() => keyring.close())
      return keyring
    },
    alter: async apply => {
      const { store: ring, leases } = envFile(file)
      await change(
        { store: ring, leases, clock: systemClock, actor: 'test' },
        {
          deed: { action: 'test', reason: 'test' },
          apply: document => advance({ ...document, ...apply(document) }, {}),
        },
      )
    },
  }
}

/** Makes the active key so old. */
export const aged =
  (days: number) =>
  (document: RingDocument): Partial<RingDocument> => {
    const since = Math.floor(Date.now() / 1000) - days * 86_400
    return {
      keys: document.keys.map(key =>
        key.state === 'active' ? { ...key, createdAt: since, activatedAt: since } : key,
      ),
    }
  }
