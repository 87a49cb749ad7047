/** RetireDialog: takes a retiring key out early, with consent where its tokens may still be valid. */
import { useState, type ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { Moment } from '../format/moment.tsx'
import { duration } from '../format/moments.ts'
import { ReasonDialog } from '../ui/reason-dialog.tsx'
import type { Possible } from './key-life.ts'

export interface RetireDialogProps {
  readonly kid: string
  /** Seconds. */
  readonly hold: number
  readonly outstanding: Possible['outstanding']
  readonly perform: (body: { reason: string; force?: true }) => Promise<unknown>
  readonly onDone: () => void
  readonly onClose: () => void
}

export function RetireDialog(props: RetireDialogProps): ReactNode {
  const { kid, hold, outstanding, perform, onDone, onClose } = props
  const { t } = useTranslation()
  const [force, setForce] = useState(false)
  return (
    <ReasonDialog
      title={t('key.retire.title', { kid })}
      action={t('key.retire.action', { kid })}
      blocked={outstanding !== null && !force}
      perform={reason => perform({ reason, ...(force && { force }) })}
      onDone={onDone}
      onClose={onClose}
    >
      <p>{t('key.retire.text', { hold: duration(hold, 'long') })}</p>
      {outstanding === null ? (
        <p>{t('key.retire.none')}</p>
      ) : (
        <div className="rounded-lg border border-warn bg-warn-soft p-3">
          <p>
            {outstanding === 'unknown' ? (
              t('key.retire.outstandingUnknown')
            ) : (
              <>
                {t('key.retire.outstanding')} <Moment at={outstanding * 1000} />.
              </>
            )}{' '}
            {t('key.retire.outstandingText')}
          </p>
          <label className="mt-2 flex min-h-8 items-center gap-2 font-semibold">
            <input
              type="checkbox"
              className="size-5 shrink-0"
              checked={force}
              onChange={event => setForce(event.target.checked)}
            />
            {t('key.retire.force')}
          </label>
        </div>
      )}
    </ReasonDialog>
  )
}
