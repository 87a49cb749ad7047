/** EpochForm: for a ring whose database was set back: why changes halt, and how they go on. */
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { post } from '../api/call.ts'
import { ringPath } from '../api/queries.ts'
import type { RingView } from '../api/answers.ts'
import { useRing } from '../shell/use-ring.ts'
import { ReasonDialog } from '../ui/reason-dialog.tsx'
import { RoleButton } from '../ui/role-button.tsx'

export function EpochForm({ view, why }: { readonly view: RingView; readonly why: string }): ReactNode {
  const { t } = useTranslation()
  const { ring } = useRing()
  const client = useQueryClient()
  const [isAsking, setAsking] = useState(false)
  const [compromised, setCompromised] = useState<readonly string[]>([])
  const keys = view.document.keys.filter(({ state }) => state !== 'compromised')
  return (
    <section className="card flex flex-col items-start gap-3 border-bad bg-bad-soft" aria-labelledby="epoch">
      <h2 id="epoch">{t('settings.epoch')}</h2>
      <p className="wrap-anywhere" lang="en">
        {why}
      </p>
      <p>{t('settings.epochText')}</p>
      <RoleButton needs="admin" onClick={() => setAsking(true)}>
        {t('settings.epochOpen')}
      </RoleButton>
      {isAsking && (
        <ReasonDialog
          title={t('settings.epochTitle', { ring })}
          action={t('settings.epochDo', { ring })}
          perform={reason =>
            post(`${ringPath(ring)}/epoch`, { reason, ...(compromised.length > 0 && { compromised }) })
          }
          onDone={() => {
            setAsking(false)
            void client.invalidateQueries({ queryKey: ['ring', ring] })
          }}
          onClose={() => setAsking(false)}
        >
          <p>{t('settings.epochMeans')}</p>
          <fieldset>
            <legend className="label">{t('settings.epochCompromised')}</legend>
            {keys.map(({ kid, state }) => (
              <label key={kid} className="flex min-h-8 items-center gap-2">
                <input
                  type="checkbox"
                  className="size-5 shrink-0"
                  checked={compromised.includes(kid)}
                  onChange={event =>
                    setCompromised(
                      event.target.checked ? [...compromised, kid] : compromised.filter(each => each !== kid),
                    )
                  }
                />
                <span>
                  <span className="kid">{kid}</span> {t(`app.states.${state}`)}
                </span>
              </label>
            ))}
          </fieldset>
        </ReasonDialog>
      )}
    </section>
  )
}
