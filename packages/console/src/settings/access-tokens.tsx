/** AccessTokens: who else has access, from where, and until when. */
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { remove } from '../api/call.ts'
import { tokensQuery } from '../api/queries.ts'
import type { Token } from '../api/answers.ts'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { DoneMessage } from '../ui/done-message.tsx'
import { NewTokenForm } from './new-token-form.tsx'
import { TokenRow } from './token-row.tsx'

const columns = ['name', 'scopes', 'createdBy', 'expires', 'lastUsed', 'addresses', 'actions'] as const

export function AccessTokens(): ReactNode {
  const { t } = useTranslation()
  const { tokens } = useSuspenseQuery(tokensQuery).data
  const client = useQueryClient()
  const [asking, setAsking] = useState<Token>()
  const [message, setMessage] = useState('')
  return (
    <section className="card flex flex-col gap-4" aria-labelledby="tokens">
      <h2 id="tokens">{t('settings.tokens')}</h2>
      <p>{t('settings.tokensText')}</p>
      <DoneMessage text={message} />
      {tokens.length === 0 ? (
        <p>{t('settings.tokensNone')}</p>
      ) : (
        <div
          className="scroll-x relative"
          tabIndex={0}
          role="region"
          aria-label={t('settings.tableOf', { name: t('settings.tokens') })}
        >
          <table className="table">
            <thead>
              <tr>
                {columns.map(name => (
                  <th key={name} scope="col">
                    {t(`settings.${name}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {tokens.map(token => (
                <TokenRow key={token.id} token={token} onRevoke={() => setAsking(token)} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <NewTokenForm />
      {asking && (
        <ConfirmDialog
          title={t('settings.revokeOf', { name: asking.name })}
          action={t('settings.revokeDo', { name: asking.name })}
          perform={() => remove(`/tokens/${encodeURIComponent(asking.id)}`)}
          onDone={() => {
            setMessage(t('settings.revokeDone', { name: asking.name }))
            setAsking(undefined)
            for (const each of ['tokens', 'events']) void client.invalidateQueries({ queryKey: [each] })
          }}
          onClose={() => setAsking(undefined)}
        >
          <p>{t('settings.revokeText')}</p>
        </ConfirmDialog>
      )}
    </section>
  )
}
