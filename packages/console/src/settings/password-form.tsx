/** PasswordForm: changes one's own password. */
import { useMutation } from '@tanstack/react-query'
import { useRef, useState, type ReactNode, type SubmitEvent } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { post } from '../api/call.ts'
import { asProblem } from '../api/problem.ts'
import type { PasswordChange } from '../api/answers.ts'
import { ProblemNote } from '../ui/problem-note.tsx'
import { TextField } from '../ui/text-field.tsx'

const leastLength = 12

type Field = 'current' | 'next' | 'again'

const fields: readonly (readonly [Field, autoComplete: string])[] = [
  ['current', 'current-password'],
  ['next', 'new-password'],
  ['again', 'new-password'],
]

type Problem = 'current' | 'short' | 'again' | 'wrong'

const fieldOf: Readonly<Record<Problem, Field>> = {
  current: 'current',
  wrong: 'current',
  short: 'next',
  again: 'again',
}

export function PasswordForm({ name }: { readonly name: string }): ReactNode {
  const { t } = useTranslation()
  const form = useRef<HTMLFormElement>(null)
  const [problem, setProblem] = useState<Problem>()
  const report = (found: Problem | undefined): void => {
    setProblem(found)
    if (found) form.current?.querySelector<HTMLElement>(`[name=${fieldOf[found]}]`)?.focus()
  }
  const change = useMutation({
    mutationFn: (body: PasswordChange) => post('/password', body),
    gcTime: 0,
    onSuccess: () => form.current?.reset(),
    onError: error => {
      if (asProblem(error).code === 'ERR_AUTH_CREDENTIALS') report('wrong')
    },
  })
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    if (change.isPending) return
    const given = new FormData(event.currentTarget)
    const text = (field: Field): string => (given.get(field) as string | null) ?? ''
    const found = problemOf(text('current'), text('next'), text('again'))
    report(found)
    change.reset()
    if (!found) change.mutate({ current: text('current'), next: text('next') })
  }
  const errorOf = (field: Field): string | undefined =>
    problem && fieldOf[problem] === field ? t(`settings.passwordProblem.${problem}`) : undefined
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
      {problem !== 'wrong' && <ProblemNote error={change.error} />}
      <p role="status" className="font-semibold text-good empty:sr-only">
        {change.isSuccess ? t('settings.passwordDone') : ''}
      </p>
      <button type="submit" className="button button-primary self-start" aria-disabled={change.isPending}>
        {t('settings.passwordSave')}
      </button>
    </form>
  )
}

function problemOf(current: string, next: string, again: string): Problem | undefined {
  if (current === '') return 'current'
  if (next.length < leastLength) return 'short'
  return next === again ? undefined : 'again'
}
