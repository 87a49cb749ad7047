/** actor: who runs the command, for the audit trail and for the name of a login. */
import { hostname, userInfo } from 'node:os'

/** `user@host`, with the user behind sudo. */
export function actor(): string {
  let user = String(process.getuid?.() ?? 'unknown')
  try {
    user = userInfo().username
  } catch {
    // A container's user may have no name.
  }
  const behind = process.env['SUDO_USER']
  return `${behind && behind !== user ? `${behind} as ${user}` : user}@${hostname()}`
}
