/** Signs access tokens. */
import type { Keyring } from 'keyturn'

import type { Settings } from '../settings.ts'
import type { Account } from './accounts.ts'

export interface AccessToken {
  readonly accessToken: string
  /** Seconds. */
  readonly expiresIn: number
}

/** Lives as long as ACCESS_TOKEN_SECONDS says, or as long as the ring allows. */
export function issueAccessToken(keyring: Keyring, account: Account, settings: Settings): AccessToken {
  const expiresIn = Math.min(settings.accessTokenSeconds, keyring.maxTokenLife)
  return { accessToken: keyring.sign({ sub: account.id, role: account.role }, { expiresIn }), expiresIn }
}
