/** What the routes work with. */
import type { FastifyRequest } from 'fastify'
import type { Keyring } from 'keyturn'

import type { Account, Accounts } from './accounts/accounts.ts'
import type { LoginLimits } from './accounts/login-limits.ts'
import type { Passwords } from './accounts/passwords.ts'
import type { ReportLimits } from './accounts/report-limits.ts'
import type { Sessions } from './accounts/sessions.ts'
import type { Database } from './database/database.ts'
import { Problem } from './http/problem.ts'
import type { Listings } from './listings/listings.ts'
import type { Settings } from './settings.ts'

export interface Services {
  readonly keyring: Keyring
  readonly database: Database
  readonly settings: Settings
  readonly accounts: Accounts
  readonly passwords: Passwords
  readonly limits: LoginLimits
  readonly reports: ReportLimits
  readonly sessions: Sessions
  readonly listings: Listings
}

/**
 * The account that the access token names. Use it behind `app.authenticate`.
 * @throws {Problem} ERR_ACCOUNT_UNKNOWN
 */
export function signedInAccount(services: Services, request: FastifyRequest): Account {
  const account = services.accounts.byId(request.user?.sub)
  if (!account) throw new Problem('ERR_ACCOUNT_UNKNOWN', { reason: 'expired' })
  return account
}
