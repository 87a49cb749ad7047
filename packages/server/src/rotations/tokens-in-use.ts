/** tokensInUse: the access tokens that work on a ring, and where they were used from. */
import type { Hub } from '../hub.ts'
import type { TokenInUse } from './rotation-view.ts'

/** Whoever leaked a key may have leaked a token as well. @param revoke ends them, and with them their streams */
export const tokensInUse =
  (hub: Hub, ring: string, actor: string, revoke: boolean) => async (): Promise<readonly TokenInUse[]> => {
    await hub.tokens.flush()
    const now = await hub.database.time()
    const tokens = (await hub.tokens.list()).filter(
      ({ revokedAt, expiresAt, scopes }) =>
        revokedAt === null && expiresAt > now && scopes.includes(`instance:${ring}`),
    )
    const shown: TokenInUse[] = []
    for (const { id, name, addresses } of tokens) {
      if (revoke) await hub.tokens.revoke(id, actor)
      shown.push({ id, name, addresses: addresses.map(each => each.address), revoked: revoke })
    }
    return shown
  }
