/** PasswordForm: changes one's own password. */
import { useMutation } from '@tanstack/react-query'
import { useRef, useState, type ReactNode, type SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { post } from '../api/call.ts'
import type { PasswordChange } from '../api/types.ts'
import { ProblemNote } from '../ui/problem-note.tsx'
import { TextField } from '../ui/text-field.tsx'

const leastLength = 12

type Field = 'current' | 'next' | 'again'

const fields: readonly (readonly [Field, autoComplete: string])[] = [
  ['current', 'current-password'],
  ['next', 'new-password'],
  ['again', 'new-password'],
]

export function PasswordForm({ name }: { readonly name: string }): ReactNode {
  const { t } = useTranslation()
  const form = useRef<HTMLFormElement>(null)
  const [problem, setProblem] = useState<'current' | 'short' | 'again'>()
  const change = useMutation({
    mutationFn: (body: PasswordChange) => post('/password', body),
    gcTime: 0,
    onSuccess: () => form.current?.reset(),
  })
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const given = new FormData(event.currentTarget)
    const text = (field: Field): string => (given.get(field) as string | null) ?? ''
    const found = problemOf(text('current'), text('next'), text('again'))
    setProblem(found)
    change.reset()
    if (!found) return change.mutate({ current: text('current'), next: text('next') })
    form.current?.querySelector<HTMLElement>(`[name=${found === 'short' ? 'next' : found}]`)?.focus()
  }
  const errorOf = (field: Field): string | undefined =>
    problem === (field === 'next' ? 'short' : field) ? t(`settings.passwordProblem.${problem}`) : undefined
  return (
    <form ref={form} noValidate className="flex max-w-md flex-col gap-3" onSubmit={submit}>
      <h3>{t('settings.password')}</h3>
      <p className="hint">{t('settings.passwordHint')}</p>
      {/* For password managers. */}
      <input type="text" autoComplete="username" value={name} readOnly hidden />
      {fields.map(([field, autoComplete]) => (
        <TextField
          key={field}
          label={t(`settings.${field}`)}
          hint={field === 'next' ? t('settings.nextHint') : undefined}
          error={errorOf(field)}
          type="password"
          name={field}
          autoComplete={autoComplete}
          required
        />
      ))}
      <ProblemNote error={change.error} />
      <p role="status" className="font-semibold text-good empty:hidden">
        {change.isSuccess ? t('settings.passwordDone') : ''}
      </p>
      <button type="submit" className="button button-primary self-start" aria-disabled={change.isPending}>
        {t('settings.passwordSave')}
      </button>
    </form>
  )
}

function problemOf(current: string, next: string, again: string): 'current' | 'short' | 'again' | undefined {
  if (current === '') return 'current'
  if (next.length < leastLength) return 'short'
  return next === again ? undefined : 'again'
}
