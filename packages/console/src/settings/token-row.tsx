/** TokenRow: one access token. */
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import type { TFunction } from 'i18next'
import type { Token } from '../api/answers.ts'
import { Moment } from '../format/moment.tsx'
import { count } from '../format/numbers.ts'
import { hubNow } from '../format/use-now.ts'

export interface TokenRowProps {
  readonly token: Token
  readonly onRevoke: () => void
}

export function TokenRow({ token, onRevoke }: TokenRowProps): ReactNode {
  const { t } = useTranslation()
  const { name, scopes, createdBy, expiresAt, lastUsedAt, login } = token
  const state = stateOf(token)
  return (
    <tr>
      <th scope="row" className="pt-2! align-top! text-ink!">
        <span className="block min-w-24 wrap-anywhere">{name}</span>
        {login && <span className="hint block">{t('settings.login')}</span>}
      </th>
      <td className="min-w-32 wrap-anywhere">{scopes.map(scope => scopeName(t, scope)).join(', ')}</td>
      <td className="min-w-24 wrap-anywhere">{createdBy}</td>
      <td>
        {state === 'good' ? (
          <Moment at={expiresAt} />
        ) : (
          <span className="text-quiet">
            {t(`settings.state.${state}`)} <Moment at={token.revokedAt ?? expiresAt} />
          </span>
        )}
      </td>
      <td>{lastUsedAt === null ? t('settings.neverUsed') : <Moment at={lastUsedAt} />}</td>
      <td>
        <Addresses token={token} />
      </td>
      <td>
        {state === 'good' && (
          <button
            type="button"
            className="button button-danger min-h-8 py-0.5"
            aria-label={`${t('settings.revoke')}: ${name}`}
            onClick={onRevoke}
          >
            {t('settings.revoke')}
          </button>
        )}
      </td>
    </tr>
  )
}

function stateOf({ revokedAt, expiresAt }: Token): 'good' | 'revoked' | 'expired' {
  if (revokedAt !== null) return 'revoked'
  return Date.parse(expiresAt) > hubNow() ? 'good' : 'expired'
}

function scopeName(t: TFunction, scope: string): string {
  if (scope === 'read' || scope === 'operate' || scope === 'admin') return t(`settings.scope.${scope}`)
  return scope.startsWith('instance:')
    ? t('settings.scope.instance', { ring: scope.slice('instance:'.length) })
    : scope
}

function Addresses({ token: { addresses } }: { readonly token: Token }): ReactNode {
  const { t } = useTranslation()
  if (addresses.length === 0) return '–'
  return (
    <details>
      <summary className="min-h-6 cursor-pointer">
        {t('settings.addressesOf', { total: count(addresses.length) })}
      </summary>
      <ul>
        {addresses.map(({ address, lastAt }) => (
          <li key={address}>
            <span className="kid">{address}</span>{' '}
            <span className="hint">
              {t('settings.lastFrom')} <Moment at={lastAt} />
            </span>
          </li>
        ))}
      </ul>
    </details>
  )
}
