import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/temporary-folder.ts'
import { isMountPoint } from './mount.ts'

describe('isMountPoint', () => {
  it.runIf(existsSync('/proc/self/mountinfo'))('knows what is mounted', () => {
    expect(isMountPoint('/proc')).toBe(true)
    expect(isMountPoint('/')).toBe(true)
  })

  it('is false for an ordinary file or folder, below a mount or not there at all', () => {
    const folder = temporaryFolder()
    expect(isMountPoint(folder)).toBe(false)
    expect(isMountPoint(join(folder, '.env'))).toBe(false)
    expect(isMountPoint('/proc/self/stat')).toBe(false)
  })
})
