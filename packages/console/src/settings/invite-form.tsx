/** InviteForm: a one-time link for a new operator, shown once. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState, type ReactNode, type SubmitEvent } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { post } from '../api/call.ts'
import type { Invitation, NewOperator, Role } from '../api/answers.ts'
import { CopyBlock } from '../ui/copy-block.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { TextField } from '../ui/text-field.tsx'
import { RoleSelect } from './role-select.tsx'

export function InviteForm(): ReactNode {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('operator')
  const [isMissing, setMissing] = useState(false)
  const result = useRef<HTMLDivElement>(null)
  const invite = useMutation({
    mutationFn: (body: NewOperator) => post<Invitation>('/operators', body),
    gcTime: 0,
    onSuccess: () => {
      setName('')
      for (const each of ['operators', 'events']) void client.invalidateQueries({ queryKey: [each] })
    },
  })
  const { data } = invite
  useEffect(() => {
    if (data) result.current?.focus()
  }, [data])
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    setMissing(name.trim() === '')
    if (name.trim() === '') event.currentTarget.querySelector<HTMLInputElement>('[name=operator]')?.focus()
    else if (!invite.isPending) invite.mutate({ name: name.trim(), role })
  }
  return (
    <form noValidate className="flex max-w-2xl flex-col gap-3" onSubmit={submit}>
      <h3>{t('settings.invite')}</h3>
      <TextField
        label={t('settings.name')}
        hint={t('settings.inviteNameHint')}
        error={isMissing ? t('settings.nameMissing') : undefined}
        name="operator"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={64}
        required
        value={name}
        onChange={event => setName(event.target.value)}
      />
      <RoleSelect role={role} onChange={setRole} />
      <ProblemNote error={invite.error} />
      <button type="submit" className="button self-start" aria-disabled={invite.isPending}>
        {t('settings.inviteDo')}
      </button>
      {data && (
        <div ref={result} tabIndex={-1} className="rounded-lg border border-good bg-good-soft p-3">
          <CopyBlock
            label={t('settings.inviteDone', { name: data.name, role: t(`app.role.${data.role}`) })}
            text={`${location.origin}${data.link}`}
          />
          <p className="mt-1">{t('settings.inviteOnce')}</p>
        </div>
      )}
    </form>
  )
}
