/** HubEvents: what happened to operators and tokens. */
import { useSuspenseQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { eventsQuery } from '../api/queries.ts'
import { Moment } from '../format/moment.tsx'
import type { settings } from '../i18n/en/settings.ts'

const names: Readonly<Record<string, keyof typeof settings.eventNames>> = {
  'operator.created': 'created',
  'operator.login': 'login',
  'operator.login-failed': 'loginFailed',
  'operator.locked': 'locked',
  'operator.password-changed': 'passwordChanged',
  'operator.removed': 'removed',
  'operator.role-changed': 'roleChanged',
  'setup.redeemed': 'redeemed',
  'token.created': 'tokenCreated',
  'token.revoked': 'tokenRevoked',
}

export function HubEvents(): ReactNode {
  const { t } = useTranslation()
  const { events } = useSuspenseQuery(eventsQuery).data
  return (
    <section className="card flex flex-col gap-3" aria-labelledby="hub-events">
      <h2 id="hub-events">{t('settings.events')}</h2>
      {events.length === 0 ? (
        <p>{t('settings.eventsNone')}</p>
      ) : (
        <>
          <p className="hint">{t('settings.eventsMore')}</p>
          <div
            className="scroll-x relative max-h-96 overflow-y-auto"
            tabIndex={0}
            role="region"
            aria-label={t('settings.tableOf', { name: t('settings.events') })}
          >
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">{t('settings.when')}</th>
                  <th scope="col">{t('settings.who')}</th>
                  <th scope="col">{t('settings.what')}</th>
                  <th scope="col">{t('settings.detail')}</th>
                </tr>
              </thead>
              <tbody>
                {events.map(({ id, at, actor, action, detail }) => {
                  const name = names[action]
                  return (
                    <tr key={id}>
                      <td>
                        <Moment at={at} />
                      </td>
                      <td className="min-w-24 wrap-anywhere">{actor}</td>
                      <td>{name === undefined ? action : t(`settings.eventNames.${name}`)}</td>
                      <td className="min-w-48 wrap-anywhere" lang="en">
                        {detail}
                      </td>
                    </tr>
                  )
                })}
              </tbody>
            </table>
          </div>
        </>
      )}
    </section>
  )
}
