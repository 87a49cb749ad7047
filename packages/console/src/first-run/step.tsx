/** Step: one step of the first run. */
import { useId, type ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'

export interface StepProps {
  readonly number: number
  readonly name: string
  readonly isDone?: boolean
  readonly children: ReactNode
}

export function Step({ number, name, isDone = false, children }: StepProps): ReactNode {
  const { t } = useTranslation()
  const id = useId()
  return (
    <li className="card flex flex-col gap-3" aria-labelledby={id}>
      <h2 id={id}>
        {t('firstRun.step', { number, name })}
        {isDone && (
          <span className="text-good">
            <span aria-hidden="true"> ✔</span> <span className="text-base">{t('firstRun.done')}</span>
          </span>
        )}
      </h2>
      {children}
    </li>
  )
}
