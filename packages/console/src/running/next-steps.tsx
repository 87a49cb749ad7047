/** NextSteps: what can be done with a rotation now: finish, abort, go on without an instance, roll back, retire. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import type { RingKey } from 'keyturn/ring'
import { useState, type ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { post } from '../api/call.ts'
import { ringPath } from '../api/queries.ts'
import type { RingView, RotationView } from '../api/answers.ts'
import { hubNow } from '../format/use-now.ts'
import { mayDo } from '../key/key-life.ts'
import { RetireDialog } from '../key/retire-dialog.tsx'
import { useRing, useRole } from '../shell/use-ring.ts'
import { NeedsRole } from '../ui/needs-role.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { ReasonDialog } from '../ui/reason-dialog.tsx'

export interface NextStepsProps {
  readonly rotation: RotationView
  readonly view: RingView
}

type Asked = { readonly kind: 'abort' } | { readonly kind: 'waive'; readonly instance: string }

export function NextSteps({ rotation, view }: NextStepsProps): ReactNode {
  const { t } = useTranslation()
  const { ring, params } = useRing()
  const { may } = useRole()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [asked, setAsked] = useState<Asked>()
  const [leaving, setLeaving] = useState<RingKey>()
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
            onClick={() => setAsked({ kind: 'waive', instance })}
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
          retiring.map(key => (
            <button key={key.kid} type="button" className="button" onClick={() => setLeaving(key)}>
              {t('running.retire', { kid: key.kid })}
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
      {leaving && (
        <RetireDialog
          kid={leaving.kid}
          hold={document.limits.hold}
          outstanding={mayDo(document, leaving, hubNow() / 1000).outstanding}
          perform={body => post(`${ringPath(ring)}/keys/${encodeURIComponent(leaving.kid)}/retire`, body)}
          onClose={() => setLeaving(undefined)}
          onDone={() => {
            setLeaving(undefined)
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
  const { title, text, address } =
    asked.kind === 'abort'
      ? { title: t('running.abort'), text: t('running.abortHint'), address: 'rotations/abort' }
      : {
          title: t('running.waive', { instance: asked.instance }),
          text: t('running.waiveHint'),
          address: `fleet/${encodeURIComponent(asked.instance)}/forget`,
        }
  const perform = (reason: string): Promise<unknown> => post(`${ringPath(ring)}/${address}`, { reason })
  return (
    <ReasonDialog title={title} action={title} perform={perform} onDone={onDone} onClose={onClose}>
      <p>{text}</p>
    </ReasonDialog>
  )
}
