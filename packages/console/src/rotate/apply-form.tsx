/** ApplyForm: the reason, and the one button that changes something. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useRef, useState, type ReactNode, type SubmitEvent } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { post } from '../api/call.ts'
import { ringPath } from '../api/queries.ts'
import type { ApplicationRotations, Plan, RingView, RotationView } from '../api/answers.ts'
import { useRing, useRole } from '../shell/use-ring.ts'
import { NeedsRole } from '../ui/needs-role.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { SelectField } from '../ui/select-field.tsx'
import { TextField } from '../ui/text-field.tsx'
import { changeRequestOf, type Choice, type Grounds } from './choice.ts'

const causes = ['scheduled', 'access-holder-left', 'compromised', 'breach', 'other'] as const

export interface ApplyFormProps {
  readonly view: RingView
  readonly choice: Choice
  /** What was shown. */
  readonly plans: readonly Plan[]
  /** All environments of it at once. */
  readonly application?: string
  readonly count: number
}

export function ApplyForm({ view, choice, plans, application, count }: ApplyFormProps): ReactNode {
  const { t } = useTranslation()
  const { params } = useRing()
  const { may } = useRole()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [reason, setReason] = useState('')
  const [cause, setCause] = useState<Grounds['cause']>('scheduled')
  const [isTried, setTried] = useState(false)
  // The same plan applied twice, by a double click or after a lost answer, happens once.
  const once = useRef({ plan: '', key: '' })
  const { ring } = view.document
  const apply = useMutation({
    mutationFn: () => {
      const plan = plans.map(({ id }) => id).join(' ')
      if (once.current.plan !== plan)
        once.current = { plan, key: crypto.getRandomValues(new Uint32Array(4)).join('-') }
      const grounds = { reason: reason.trim(), cause }
      return start(choice, grounds, { ring, plans, application, key: once.current.key })
    },
    onSuccess: async rotation => {
      void client.invalidateQueries({ queryKey: ['ring', ring] })
      await navigate({
        to: '/rings/$application/$environment/rotations/$id',
        params: { ...params, id: rotation.id },
      })
    },
    // A ring may have moved on, this one or another environment's: then the preview has, too.
    onError: () =>
      Promise.all(
        [['ring', ring, 'view'], ['plans']].map(queryKey => client.invalidateQueries({ queryKey })),
      ),
  })
  const problem = isTried && reason.trim() === '' ? t('rotate.reasonMissing') : undefined
  const isBlocked = !may('operator') || plans.length === 0 || apply.isPending
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    setTried(true)
    if (reason.trim() === '') event.currentTarget.querySelector<HTMLInputElement>('[name=reason]')?.focus()
    else if (!isBlocked) apply.mutate()
  }
  return (
    <form className="card flex flex-col gap-4" noValidate onSubmit={submit}>
      <div className="grid gap-4 md:grid-cols-2">
        <TextField
          label={t('app.reason')}
          hint={t('app.reasonHint')}
          error={problem}
          name="reason"
          maxLength={500}
          required
          placeholder={t('rotate.reasonPlaceholder')}
          value={reason}
          onChange={event => setReason(event.target.value)}
        />
        <SelectField
          label={t('rotate.cause')}
          value={cause}
          options={causes.map(each => [each, t(`app.causes.${each}`)] as const)}
          onChange={value => setCause(causes.find(each => each === value) ?? 'other')}
        />
      </div>
      <ProblemNote error={apply.error} />
      <NeedsRole role="operator" id="apply-role" />
      <button
        type="submit"
        className={`button self-start wrap-anywhere ${choice.mode === 'hard' ? 'button-danger-solid' : 'button-primary'}`}
        aria-disabled={isBlocked}
        {...(!may('operator') && { 'aria-describedby': 'apply-role' })}
      >
        {apply.isPending
          ? t('rotate.applying')
          : application === undefined
            ? t(`rotate.apply.${choice.mode}`, { ring })
            : t('rotate.apply.everywhere', { count })}
      </button>
    </form>
  )
}

interface Target {
  readonly ring: string
  readonly plans: readonly Plan[]
  readonly application: string | undefined
  /** Idempotency key. */
  readonly key: string
}

async function start(choice: Choice, grounds: Grounds, target: Target): Promise<RotationView> {
  const { ring, plans, application, key } = target
  if (application === undefined) {
    const verb = choice.mode === 'rollback' ? 'rollbacks' : 'rotations'
    return post<RotationView>(
      `${ringPath(ring)}/${verb}`,
      changeRequestOf(choice, grounds, plans[0]?.id),
      key,
    )
  }
  const body = {
    ...changeRequestOf(choice, grounds),
    plans: Object.fromEntries(plans.map(plan => [plan.ring, plan.id])),
  }
  const { rotations } = await post<ApplicationRotations>(
    `/applications/${encodeURIComponent(application)}/rotations`,
    body,
    key,
  )
  const own = rotations.find(each => each.ring === ring)
  if (!own) throw new Error(`the hub started no rotation of ${ring}`)
  return own
}
