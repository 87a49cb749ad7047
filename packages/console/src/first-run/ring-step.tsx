/** RingStep: a new ring, or one that is there. */
import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useRef, useState, type ReactNode, type SubmitEvent } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { post } from '../api/call.ts'
import { ringsQuery } from '../api/queries.ts'
import type { NewRing } from '../api/answers.ts'
import { useRole } from '../shell/use-ring.ts'
import { NeedsRole } from '../ui/needs-role.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { TextField } from '../ui/text-field.tsx'
import { isPart } from '../api/ring-name.ts'
import { Step } from './step.tsx'

export function RingStep({ ring }: { readonly ring: string | undefined }): ReactNode {
  const { t } = useTranslation()
  return (
    <Step number={1} name={t('firstRun.ring')} isDone={ring !== undefined}>
      {ring === undefined ? (
        <>
          <p>{t('firstRun.ringText')}</p>
          <NewRingForm />
          <OtherRings />
        </>
      ) : (
        <p role="status" className="wrap-anywhere">
          {t('firstRun.ringIs', { ring })}
        </p>
      )}
    </Step>
  )
}

function NewRingForm(): ReactNode {
  const { t } = useTranslation()
  const { may } = useRole()
  const client = useQueryClient()
  const navigate = useNavigate()
  const form = useRef<HTMLFormElement>(null)
  const [parts, setParts] = useState({ application: '', environment: 'production' })
  const [isTried, setTried] = useState(false)
  const make = useMutation({
    mutationFn: (body: NewRing) => post('/rings', body),
    onSuccess: async (_, { ring }) => {
      await client.invalidateQueries({ queryKey: ['rings'] })
      void navigate({ to: '/first-run', search: { ring } })
    },
  })
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    setTried(true)
    const { application, environment } = parts
    if (isPart(application) && isPart(environment))
      return make.isPending ? undefined : make.mutate({ ring: `${application}/${environment}` })
    form.current
      ?.querySelector<HTMLElement>(`[name=${isPart(application) ? 'environment' : 'application'}]`)
      ?.focus()
  }
  return (
    <form ref={form} noValidate className="flex max-w-2xl flex-col gap-3" onSubmit={submit}>
      <div className="grid grid-cols-[repeat(auto-fit,minmax(min(100%,14rem),1fr))] gap-3">
        {(['application', 'environment'] as const).map(name => (
          <TextField
            key={name}
            label={t(`firstRun.${name}`)}
            hint={t('firstRun.partHint')}
            error={isTried && !isPart(parts[name]) ? t('firstRun.partProblem') : undefined}
            name={name}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={64}
            required
            disabled={!may('admin')}
            value={parts[name]}
            onChange={event => setParts({ ...parts, [name]: event.target.value.trim() })}
          />
        ))}
      </div>
      <ProblemNote error={make.error} />
      <button type="submit" className="button button-primary self-start" disabled={!may('admin')}>
        {t('firstRun.makeRing')}
      </button>
      <NeedsRole role="admin" />
    </form>
  )
}

function OtherRings(): ReactNode {
  const { t } = useTranslation()
  const { rings } = useSuspenseQuery(ringsQuery).data
  if (rings.length === 0) return null
  return (
    <div>
      <p>{t('firstRun.other')}</p>
      <ul className="flex flex-wrap gap-x-4 gap-y-1">
        {rings.map(({ ring }) => (
          <li key={ring} className="min-w-0">
            <Link to="/first-run" search={{ ring }} className="link inline-block min-h-6 wrap-anywhere">
              {ring}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  )
}
