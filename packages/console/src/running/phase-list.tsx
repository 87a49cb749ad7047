/** PhaseList: stage, gate, activate, confirm: which is done, which is now. */
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import type { RotationView } from '../api/answers.ts'
import { exactSeconds } from '../format/moments.ts'
import { phasesOf, type Phase } from './course.ts'

const looks: Readonly<Record<Phase['state'], { readonly sign: string; readonly className: string }>> = {
  done: { sign: '✔', className: 'border-good text-good' },
  current: { sign: '●', className: 'border-accent text-accent' },
  open: { sign: '○', className: 'border-line text-quiet' },
  failed: { sign: '✖', className: 'border-bad text-bad' },
}

export function PhaseList({ rotation }: { readonly rotation: RotationView }): ReactNode {
  const { t } = useTranslation()
  return (
    <ol className="flex flex-wrap gap-2" aria-label={t('running.phases')}>
      {phasesOf(rotation).map(({ name, state, after }) => (
        <li
          key={name}
          className={`min-w-0 flex-1 rounded border-s-4 bg-raised px-3 py-1 ${looks[state].className}`}
          {...(state === 'current' && { 'aria-current': 'step' })}
        >
          <span className="font-semibold">
            <span aria-hidden="true">{looks[state].sign} </span>
            {t(`running.phase.${name}`)}
          </span>
          <span className="block text-sm text-ink">
            {t(`running.phaseState.${state}`)}
            {after !== null && ` · ${exactSeconds(after)}`}
          </span>
        </li>
      ))}
    </ol>
  )
}
