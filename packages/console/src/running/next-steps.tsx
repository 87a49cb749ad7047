/** NextSteps: what can be done with a rotation now: finish, abort, go on without an instance, roll back, retire. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { post } from '../api/call.ts'
import { ringPath } from '../api/queries.ts'
import type { RingView, RotationView } from '../api/answers.ts'
import { hubNow } from '../format/use-now.ts'
import { mayDo } from '../key/key-life.ts'
import { useRing, useRole } from '../shell/use-ring.ts'
import { Check } from '../ui/check.tsx'
import { NeedsRole } from '../ui/needs-role.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { ReasonDialog } from '../ui/reason-dialog.tsx'

export interface NextStepsProps {
  readonly rotation: RotationView
  readonly view: RingView
}

type Asked = { readonly kind: 'abort' } | { readonly kind: 'waive' | 'retire'; readonly name: string }

export function NextSteps({ rotation, view }: NextStepsProps): ReactNode {
  const { t } = useTranslation()
  const { ring, params } = useRing()
  const { may } = useRole()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [asked, setAsked] = useState<Asked>()
  const { document, fleet } = view
  const isUnfinished = rotation.state === 'failed' && document.operation?.id === rotation.id
  const lost = isUnfinished ? fleet.instances.filter(({ standing }) => standing === 'lost') : []
  const retiring = document.keys.filter(({ state }) => state === 'retiring')
  const undo = document.undo.at(-1)
  const before = document.keys.find(({ kid }) => kid === undo?.from)
  const canRollBack =
    rotation.state === 'done' &&
    undo?.to === rotation.kid &&
    before !== undefined &&
    mayDo(document, before, hubNow() / 1000).rollback
  const again = (): Promise<void> => client.invalidateQueries({ queryKey: ['ring', ring] })
  const resume = useMutation({
    mutationFn: () => post<RotationView>(`${ringPath(ring)}/rotations/resume`),
    onSuccess: async ({ id }) => {
      await again()
      await navigate({ to: '/rings/$application/$environment/rotations/$id', params: { ...params, id } })
    },
  })
  if (!isUnfinished && rotation.state !== 'done') return null
  if (!may('operator')) return <NeedsRole role="operator" />
  return (
    <div className="flex flex-col gap-3">
      <ProblemNote error={resume.error} />
      <div className="flex flex-wrap gap-3">
        {isUnfinished && (
          <>
            <button
              type="button"
              className="button button-primary"
              aria-disabled={resume.isPending}
              onClick={() => !resume.isPending && resume.mutate()}
            >
              {t('running.resume')}
            </button>
            <button type="button" className="button" onClick={() => setAsked({ kind: 'abort' })}>
              {t('running.abort')}…
            </button>
          </>
        )}
        {lost.map(({ instance }) => (
          <button
            key={instance}
            type="button"
            className="button wrap-anywhere"
            onClick={() => setAsked({ kind: 'waive', name: instance })}
          >
            {t('running.waive', { instance })}…
          </button>
        ))}
        {canRollBack && (
          <Link
            to="/rings/$application/$environment/rotate"
            params={params}
            search={{ mode: 'rollback' }}
            className="button"
          >
            {t('running.rollback')}
          </Link>
        )}
        {rotation.state === 'done' &&
          retiring.map(({ kid }) => (
            <button
              key={kid}
              type="button"
              className="button"
              onClick={() => setAsked({ kind: 'retire', name: kid })}
            >
              {t('running.retire', { kid })}
            </button>
          ))}
      </div>
      {asked && (
        <StepDialog
          asked={asked}
          ring={ring}
          onClose={() => setAsked(undefined)}
          onDone={() => {
            setAsked(undefined)
            void again()
          }}
        />
      )}
    </div>
  )
}

function StepDialog(props: {
  readonly asked: Asked
  readonly ring: string
  readonly onClose: () => void
  readonly onDone: () => void
}): ReactNode {
  const { asked, ring, onClose, onDone } = props
  const { t } = useTranslation()
  const [force, setForce] = useState(false)
  const path = ringPath(ring)
  const steps = {
    abort: {
      title: t('running.abort'),
      text: t('running.abortHint'),
      perform: (reason: string) => post(`${path}/rotations/abort`, { reason }),
    },
    waive: {
      title: t('running.waive', { instance: 'name' in asked ? asked.name : '' }),
      text: t('running.waiveHint'),
      perform: (reason: string) =>
        post(`${path}/fleet/${encodeURIComponent('name' in asked ? asked.name : '')}/forget`, { reason }),
    },
    retire: {
      title: t('running.retireNow', { kid: 'name' in asked ? asked.name : '' }),
      text: t('running.retireHint'),
      perform: (reason: string) =>
        post(`${path}/keys/${encodeURIComponent('name' in asked ? asked.name : '')}/retire`, {
          reason,
          ...(force && { force }),
        }),
    },
  }
  const { title, text, perform } = steps[asked.kind]
  return (
    <ReasonDialog title={title} action={title} perform={perform} onDone={onDone} onClose={onClose}>
      <p>{text}</p>
      {asked.kind === 'retire' && (
        <Check checked={force} onChange={setForce} label={t('running.retireForce')} />
      )}
    </ReasonDialog>
  )
}
