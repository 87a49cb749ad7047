/** Operators: who may do what in this hub. */
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { operatorsQuery } from '../api/queries.ts'
import type { Operator } from '../api/answers.ts'
import { Moment } from '../format/moment.tsx'
import { DoneMessage } from '../ui/done-message.tsx'
import { InviteForm } from './invite-form.tsx'
import { RemoveOperator } from './remove-operator.tsx'
import { RoleDialog } from './role-dialog.tsx'

const verbs = { role: 'changeRole', remove: 'remove' } as const

export function Operators({ me }: { readonly me: string }): ReactNode {
  const { t } = useTranslation()
  const { data } = useSuspenseQuery(operatorsQuery)
  const client = useQueryClient()
  const [asking, setAsking] = useState<{ readonly what: 'role' | 'remove'; readonly of: Operator }>()
  const [message, setMessage] = useState('')
  const close = (): void => setAsking(undefined)
  const done = (text: string): void => {
    setMessage(text)
    close()
    for (const name of ['operators', 'session', 'events']) void client.invalidateQueries({ queryKey: [name] })
  }
  return (
    <section className="card flex flex-col gap-4" aria-labelledby="operators">
      <h2 id="operators">{t('settings.operators')}</h2>
      <DoneMessage text={message} />
      <div
        className="scroll-x relative"
        tabIndex={0}
        role="region"
        aria-label={t('settings.tableOf', { name: t('settings.operators') })}
      >
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t('settings.name')}</th>
              <th scope="col">{t('settings.role')}</th>
              <th scope="col">{t('settings.status')}</th>
              <th scope="col">{t('settings.since')}</th>
              <th scope="col">{t('settings.actions')}</th>
            </tr>
          </thead>
          <tbody>
            {data.operators.map(each => (
              <tr key={each.name}>
                <th scope="row" className="pt-2! align-top! text-ink!">
                  <span className="inline-block min-w-16 wrap-anywhere">{each.name}</span>
                  {each.name === me && ` (${t('settings.you')})`}
                </th>
                <td>{t(`app.role.${each.role}`)}</td>
                <td>
                  <OperatorStatus operator={each} />
                </td>
                <td>
                  <Moment at={each.createdAt} />
                </td>
                <td>
                  <div className="flex flex-wrap gap-2">
                    {(['role', 'remove'] as const).map(what => (
                      <button
                        key={what}
                        type="button"
                        className={`button min-h-8 py-0.5 ${what === 'remove' ? 'button-danger' : ''}`}
                        aria-label={`${t(`settings.${verbs[what]}`)}: ${each.name}`}
                        onClick={() => setAsking({ what, of: each })}
                      >
                        {t(`settings.${verbs[what]}`)}
                      </button>
                    ))}
                  </div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <InviteForm />
      {asking?.what === 'role' && <RoleDialog operator={asking.of} onDone={done} onClose={close} />}
      {asking?.what === 'remove' && <RemoveOperator name={asking.of.name} onDone={done} onClose={close} />}
    </section>
  )
}

function OperatorStatus({ operator }: { readonly operator: Operator }): ReactNode {
  const { t } = useTranslation()
  const { lockedUntil, ready } = operator
  if (lockedUntil === null) return t(ready ? 'settings.ready' : 'settings.invited')
  return (
    <span className="text-warn">
      {t('settings.locked')} <Moment at={lockedUntil} />
    </span>
  )
}
