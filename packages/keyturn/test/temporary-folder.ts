/** temporaryFolder: a folder for one test, removed after it. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A new folder, symbolic links resolved. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'keyturn-test-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
