/** isMountPoint: whether a file was mounted by itself, as into a container. */
import { readFileSync } from 'node:fs'

/** True when this very path is a mount point. False where the system cannot tell. */
export function isMountPoint(path: string): boolean {
  let mounts: string
  try {
    mounts = readFileSync('/proc/self/mountinfo', 'utf8')
  } catch {
    return false
  }
  return mounts.split('\n').some(line => unescapeOctal(line.split(' ')[4] ?? '') === path)
}

const unescapeOctal = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)))
