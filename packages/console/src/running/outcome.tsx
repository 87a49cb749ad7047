/** Outcome: what a rotation came to: its problem, the countdown of the old key, who is out of reach. */
import type { RingDocument } from 'keyturn/ring'
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { ApiProblem } from '../api/problem.ts'
import type { RotationView } from '../api/answers.ts'
import { duration } from '../format/moments.ts'
import { Moment } from '../format/moment.tsx'
import { useNow } from '../format/use-now.ts'
import { ProblemNote } from '../ui/problem-note.tsx'

export interface OutcomeProps {
  readonly rotation: RotationView
  readonly document: RingDocument
}

export function Outcome({ rotation, document }: OutcomeProps): ReactNode {
  const { t } = useTranslation()
  const { problem, outcome, state, mode } = rotation
  return (
    <>
      {problem && <ProblemNote error={new ApiProblem(409, problem)} />}
      {outcome?.unconfirmed && outcome.unconfirmed.length > 0 && (
        <div>
          <h3>{t('running.unconfirmed')}</h3>
          <ul className="list-disc ps-5">
            {outcome.unconfirmed.map(({ instance, why, stopsBy }) => (
              <li key={instance} className="wrap-anywhere">
                {why}; {t('running.stopsBy')} <Moment at={stopsBy} form="seconds" />
              </li>
            ))}
          </ul>
        </div>
      )}
      {state === 'done' && (mode === 'graceful' || mode === 'rollback') && <Countdown document={document} />}
    </>
  )
}

/** Of the key that stopped signing last. */
function Countdown({ document }: { readonly document: RingDocument }): ReactNode {
  const { t } = useTranslation()
  const now = useNow()
  const [last] = document.keys
    .filter(({ state }) => state === 'retiring')
    .sort((a, b) => (b.deactivatedAt ?? 0) - (a.deactivatedAt ?? 0))
  if (last?.verifyUntil === undefined) return <p>{t('running.drained')}</p>
  const left = last.verifyUntil - now / 1000
  if (left <= 0) return <p>{t('running.drained')}</p>
  return (
    <p>
      <span className="kid">{last.kid}</span>: {t('running.countdown', { time: duration(left, 'long') })}{' '}
      <Moment at={last.verifyUntil * 1000} />
    </p>
  )
}
