/** ChangeLimits: other durations for a ring. They come with the next rotation, so this leads there. */
import { useNavigate } from '@tanstack/react-router'
import type { Limits } from 'keyturn/ring'
import { useRef, useState, type ReactNode, type SubmitEvent } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { duration } from '../format/moments.ts'
import { useRing, useRole } from '../shell/use-ring.ts'
import { NeedsRole } from '../ui/needs-role.tsx'
import { DurationField } from './duration-field.tsx'
import { GraceRule } from './grace-rule.tsx'
import {
  isSame,
  leastGrace,
  limitNames,
  limitsOf,
  partsOf,
  problemsOf,
  type LimitName,
  type TypedLimits,
} from './typed-limits.ts'

const typedOf = (limits: Limits): TypedLimits => ({
  maxTokenLife: partsOf(limits.maxTokenLife),
  maxStale: partsOf(limits.maxStale),
  tolerance: partsOf(limits.tolerance),
  grace: partsOf(limits.grace),
  hold: partsOf(limits.hold),
  lease: partsOf(limits.lease),
})

export function ChangeLimits({ limits }: { readonly limits: Limits }): ReactNode {
  const { t } = useTranslation()
  const { params } = useRing()
  const { may } = useRole()
  const navigate = useNavigate()
  const form = useRef<HTMLFormElement>(null)
  const [typed, setTyped] = useState<TypedLimits>(() => typedOf(limits))
  const [isTried, setTried] = useState(false)
  const next = limitsOf(typed)
  const problems = problemsOf(next)
  const errorOf = (name: LimitName): string | undefined => {
    const problem = problems[name]
    if (problem === undefined) return undefined
    return t(`settings.limitProblem.${problem}`, { least: duration(leastGrace(next)) })
  }
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    setTried(true)
    if (Object.keys(problems).length === 0 && !isSame(next, limits))
      void navigate({
        to: '/rings/$application/$environment/rotate',
        params,
        search: { mode: 'graceful', limits: JSON.stringify(next) },
      })
    // The fields are marked with the next paint.
    else requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus())
  }
  return (
    <section className="card" aria-labelledby="change-limits">
      <form ref={form} noValidate className="flex flex-col gap-4" onSubmit={submit}>
        <h2 id="change-limits">{t('settings.change')}</h2>
        <p>{t('settings.changeText')}</p>
        <div className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,16rem),1fr))] gap-4">
          {limitNames.map(name => (
            <DurationField
              key={name}
              label={t(`settings.limit.${name}`)}
              typed={typed[name]}
              error={errorOf(name)}
              disabled={!may('operator')}
              onChange={value => setTyped({ ...typed, [name]: value })}
            />
          ))}
        </div>
        <GraceRule limits={next} />
        {isTried && isSame(next, limits) && <p role="status">{t('settings.changeNothing')}</p>}
        <button type="submit" className="button button-primary self-start" disabled={!may('operator')}>
          {t('settings.changeNext')}
        </button>
        <NeedsRole role="operator" />
      </form>
    </section>
  )
}
