/** PlanPreview: what would happen, step by step. Nothing has changed yet. */
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import type { Limits } from 'keyturn/ring'
import type { Plan, RingView } from '../api/answers.ts'
import { duration } from '../format/moments.ts'
import { count } from '../format/numbers.ts'
import { Loading } from '../shell/loading.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { stepsOf, type StepName } from './choice.ts'
import type { Plans } from './use-plans.ts'

export interface PlanPreviewProps {
  readonly view: RingView
  readonly plans: Plans
  /** Instances of each ring. */
  readonly counts: ReadonlyMap<string, number>
  readonly limits: Limits | undefined
}

export function PlanPreview({
  view,
  plans: { plans, error, isPending },
  counts,
  limits,
}: PlanPreviewProps): ReactNode {
  const { t } = useTranslation()
  return (
    <section className="card flex flex-col gap-3" aria-labelledby="preview">
      <h2 id="preview">{t('rotate.preview')}</h2>
      {isPending && <Loading />}
      <ProblemNote error={error} />
      {plans.length > 0 && (
        <>
          <p className="text-quiet">{t('rotate.nothingYet')}</p>
          {plans.map(plan => (
            <OnePlan
              key={plan.ring}
              plan={plan}
              instances={counts.get(plan.ring) ?? 0}
              liveTokens={view.liveTokens}
              isOne={plans.length === 1}
            />
          ))}
          {limits && <LimitsList limits={limits} />}
        </>
      )}
    </section>
  )
}

function OnePlan(props: {
  readonly plan: Plan
  readonly instances: number
  readonly liveTokens: number
  readonly isOne: boolean
}): ReactNode {
  const { plan, instances, liveTokens, isOne } = props
  const { t } = useTranslation()
  const key = plan.signs === 'new' ? t('rotate.newKey') : plan.signs
  const textOf = (step: StepName): string => {
    switch (step) {
      case 'gate':
        return t('rotate.steps.gate', { count: instances })
      case 'activate':
        return t(plan.mode === 'hard' ? 'rotate.steps.activateHard' : 'rotate.steps.activate', { key })
      case 'drain':
        return t('rotate.steps.drain', { grace: duration(plan.grace, 'long') })
      case 'hold':
        return t('rotate.steps.hold', { hold: duration(plan.hold, 'long') })
      case 'stage':
        return t('rotate.steps.stage', { key })
      case 'destroy':
        return t('rotate.steps.destroy')
    }
  }
  return (
    <article className="flex flex-col gap-2" aria-label={plan.ring}>
      {!isOne && <h3 className="wrap-anywhere">{plan.ring}</h3>}
      <ol className="flex list-decimal flex-col gap-1 ps-6">
        {stepsOf(plan).map(step => (
          <li key={step}>
            <strong>{t(`rotate.stepNames.${step}`)}:</strong> {textOf(step)}
          </li>
        ))}
      </ol>
      <ul className="text-sm" aria-label={t('rotate.moves')}>
        {plan.moves.map(([kid, from, to]) => (
          <li key={`${kid}-${from}`}>
            <span className="kid">{kid === 'new' ? t('rotate.newKey') : kid}</span>: {stateName(t, from)} →{' '}
            {stateName(t, to)}
          </li>
        ))}
      </ul>
      <p className="font-semibold">
        {plan.sessionsEnded === 'none'
          ? t('rotate.sessionsNone')
          : isOne
            ? t('rotate.sessionsEnded', { sessions: count(liveTokens) })
            : t('rotate.sessionsAll')}
      </p>
      <p className="hint">{t('rotate.previewOf', { plan: plan.id })}</p>
    </article>
  )
}

type Translate = ReturnType<typeof useTranslation>['t']
const states = ['new', 'staged', 'active', 'retiring', 'suspended', 'compromised', 'destroyed'] as const

function stateName(t: Translate, state: string): string {
  const known = states.find(each => each === state)
  return known ? t(`app.states.${known}`) : state
}

function LimitsList({ limits }: { readonly limits: Limits }): ReactNode {
  const { t } = useTranslation()
  return (
    <div>
      <p>{t('rotate.limits')}</p>
      <dl className="grid grid-cols-[auto_1fr] gap-x-3 text-sm">
        {Object.entries(limits).map(([name, seconds]) => (
          <div key={name} className="contents">
            <dt>
              <code>{name}</code>
            </dt>
            <dd>{duration(seconds as number, 'long')}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
