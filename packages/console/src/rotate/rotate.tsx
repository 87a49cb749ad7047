/** Rotate: choose by consequence, see the plan, apply exactly that. */
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import type { RingKey } from 'keyturn/ring'
import { Suspense, useState, type ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { ringQuery, ringsQuery } from '../api/queries.ts'
import { moment } from '../format/moments.ts'
import { fleetCounts } from '../overview/health.ts'
import { Loading } from '../shell/loading.tsx'
import { Screen } from '../shell/screen.tsx'
import { useRing } from '../shell/use-ring.ts'
import { Check } from '../ui/check.tsx'
import { ApplyForm } from './apply-form.tsx'
import { limitsIn, modes, type Choice, type Mode } from './choice.ts'
import { ModeCards } from './mode-cards.tsx'
import { PlanPreview } from './plan-preview.tsx'
import { usePlans } from './use-plans.ts'

export function Rotate(): ReactNode {
  const { ring } = useRing()
  const { mode, to, limits } = useSearch({ strict: false })
  return (
    <Suspense fallback={<Loading />}>
      {/* Another address is another choice. */}
      <RotateRing key={JSON.stringify([ring, mode, to, limits])} ring={ring} />
    </Suspense>
  )
}

const modeIn = (text: string | undefined): Mode => modes.find(each => each === text) ?? 'graceful'

function RotateRing({ ring }: { readonly ring: string }): ReactNode {
  const { t } = useTranslation()
  const { data: view } = useSuspenseQuery(ringQuery(ring))
  const { data: all } = useQuery(ringsQuery)
  const search = useSearch({ strict: false })
  const [mode, setMode] = useState<Mode>(modeIn(search.mode))
  const [force, setForce] = useState(false)
  const [noFleet, setNoFleet] = useState(false)
  const [isEverywhere, setEverywhere] = useState(false)
  const [application = ''] = ring.split('/')
  const environments = (all?.rings ?? []).filter(each => each.ring.startsWith(`${application}/`))
  const limits = limitsIn(search.limits)
  // Durations are those of one ring.
  const canEverywhere = mode !== 'rollback' && environments.length > 1 && !limits
  const everywhere = isEverywhere && canEverywhere
  const counts = new Map([
    ...environments.map(each => [each.ring, each.instances] as const),
    [ring, fleetCounts(view.fleet.instances).count] as const,
  ])
  const isAnyEmpty = [...counts].some(([name, count]) => count === 0 && (everywhere || name === ring))
  const choice: Choice = {
    mode,
    force,
    noFleet: noFleet && isAnyEmpty,
    ...(search.to !== undefined && { to: search.to }),
    ...(limits && mode !== 'rollback' && { limits }),
  }
  const plans = usePlans(view, choice, everywhere ? application : undefined)
  const retiring = view.document.keys.find(({ state }) => state === 'retiring')
  return (
    <Screen title={t('rotate.title', { ring })}>
      <ModeCards view={view} mode={mode} onChange={setMode} to={search.to} />
      {canEverywhere && (
        <Check
          checked={isEverywhere}
          onChange={setEverywhere}
          label={t('rotate.everywhere', { count: environments.length, application })}
          hint={t('rotate.everywhereHint')}
        />
      )}
      {mode === 'graceful' && retiring && (
        <ForceCheck retiring={retiring} checked={force} onChange={setForce} />
      )}
      {isAnyEmpty && <Check checked={noFleet} onChange={setNoFleet} label={t('rotate.noInstances')} />}
      <PlanPreview view={view} plans={plans} counts={counts} limits={choice.limits} />
      <ApplyForm
        view={view}
        choice={choice}
        plans={plans.plans}
        {...(everywhere && { application })}
        count={environments.length}
      />
    </Screen>
  )
}

function ForceCheck(props: {
  readonly retiring: RingKey
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
}): ReactNode {
  const { t } = useTranslation()
  const { retiring, ...rest } = props
  const until = retiring.verifyUntil === undefined ? t('app.unknown') : moment(retiring.verifyUntil * 1000)
  return (
    <Check {...rest} label={t('rotate.force', { kid: retiring.kid, until })} hint={t('rotate.forceHint')} />
  )
}
