/** tokensInUse: the access tokens that work on a ring, and where they were used from. */
import type { AccessTokens } from '../access/access-tokens.ts'
import type { Database } from '../database/open-database.ts'
import type { TokenInUse } from './rotation-view.ts'

export interface TokensInUseRequest {
  readonly ring: string
  /** Who, for the record. */
  readonly actor: string
  /** Ends them, and with them their streams. */
  readonly revoke: boolean
}

/** Whoever leaked a key may have leaked a token as well. */
export async function tokensInUse(
  { tokens, database }: { readonly tokens: AccessTokens; readonly database: Database },
  { ring, actor, revoke }: TokensInUseRequest,
): Promise<readonly TokenInUse[]> {
  await tokens.flush()
  const now = await database.time()
  const live = (await tokens.list()).filter(
    ({ revokedAt, expiresAt, scopes }) =>
      revokedAt === null && expiresAt > now && scopes.includes(`instance:${ring}`),
  )
  const shown: TokenInUse[] = []
  for (const { id, name, addresses } of live) {
    if (revoke) await tokens.revoke(id, actor)
    shown.push({ id, name, addresses: addresses.map(each => each.address), revoked: revoke })
  }
  return shown
}
