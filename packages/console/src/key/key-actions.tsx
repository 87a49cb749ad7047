/** KeyActions: what can be done with a key, each with what it means. */
import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { RingKey } from 'keyturn/ring'
import { useState, type ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { post } from '../api/call.ts'
import { ringPath } from '../api/queries.ts'
import type { RingView } from '../api/answers.ts'
import { useNow } from '../format/use-now.ts'
import { useRing } from '../shell/use-ring.ts'
import { ReasonDialog } from '../ui/reason-dialog.tsx'
import { RoleButton } from '../ui/role-button.tsx'
import { mayDo } from './key-life.ts'
import { RetireDialog } from './retire-dialog.tsx'

export interface KeyActionsProps {
  readonly view: RingView
  readonly ringKey: RingKey
  readonly onDone: (message: string) => void
}

export function KeyActions({ view, ringKey: key, onDone }: KeyActionsProps): ReactNode {
  const { t } = useTranslation()
  const { ring, params } = useRing()
  const client = useQueryClient()
  const [asking, setAsking] = useState<'retire' | 'destroy'>()
  const possible = mayDo(view.document, key, useNow(5_000) / 1000)
  const { kid } = key
  const close = (): void => setAsking(undefined)
  const change = (verb: 'retire' | 'destroy', body: object): Promise<unknown> =>
    post(`${ringPath(ring)}/keys/${encodeURIComponent(kid)}/${verb}`, body)
  const done = (verb: 'retire' | 'destroy'): void => {
    void client.invalidateQueries({ queryKey: ['ring', ring] })
    onDone(t(`key.${verb}.done`, { kid }))
    close()
  }
  return (
    <section className="card flex flex-col gap-3" aria-labelledby="actions">
      <h2 id="actions">{t('key.actions')}</h2>
      {!possible.emergency && <p>{t('key.nothingToDo')}</p>}
      <div className="flex flex-wrap items-start gap-3">
        {possible.rollback && (
          <Link
            to="/rings/$application/$environment/rotate"
            params={params}
            search={{ mode: 'rollback', to: kid }}
            className="button"
          >
            {t('key.rollback')}
          </Link>
        )}
        {possible.retire && (
          <RoleButton needs="operator" onClick={() => setAsking('retire')}>
            {t('key.retire.open')}
          </RoleButton>
        )}
        {possible.destroy && (
          <RoleButton needs="operator" className="button button-danger" onClick={() => setAsking('destroy')}>
            {t('key.destroy.open')}
          </RoleButton>
        )}
        {possible.emergency && (
          <a
            className="button button-danger"
            href={`/emergency?ring=${encodeURIComponent(ring)}&kid=${encodeURIComponent(kid)}`}
          >
            <span aria-hidden="true">⚠</span>
            {t('key.emergency')}
          </a>
        )}
      </div>
      {asking === 'retire' && (
        <RetireDialog
          kid={kid}
          hold={view.document.limits.hold}
          outstanding={possible.outstanding}
          perform={body => change('retire', body)}
          onDone={() => done('retire')}
          onClose={close}
        />
      )}
      {asking === 'destroy' && (
        <ReasonDialog
          title={t('key.destroy.title', { kid })}
          action={t('key.destroy.action', { kid })}
          perform={reason => change('destroy', { reason })}
          onDone={() => done('destroy')}
          onClose={close}
        >
          <p>{t(key.state === 'staged' ? 'key.destroy.staged' : 'key.destroy.suspended')}</p>
        </ReasonDialog>
      )}
    </section>
  )
}
