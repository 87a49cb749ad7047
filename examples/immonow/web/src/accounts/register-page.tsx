/** RegisterPage: makes an account and logs in to it. */
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useState, type ReactElement, type SyntheticEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/api-error.ts'
import { api, session } from '../app/site.ts'
import { ErrorSummary } from '../forms/error-summary.tsx'
import { Field } from '../forms/field.tsx'
import { PasswordField } from '../forms/password-field.tsx'
import { errorOf, type WrongField } from '../forms/wrong-fields.ts'
import { notify } from '../layout/notice.ts'
import { PageHeading } from '../layout/page-heading.tsx'
import { ProblemNote } from '../layout/problem-note.tsx'
import { textIn, wrongInRegistration, type Registration } from './account-form.ts'

const route = getRouteApi('/register')

export function RegisterPage(): ReactElement {
  const { t } = useTranslation()
  const { returnTo } = route.useSearch()
  const search = returnTo === undefined ? {} : { returnTo }
  const navigate = useNavigate()
  const [wrong, setWrong] = useState<readonly WrongField[]>([])
  const [problem, setProblem] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)

  const register = async (registration: Registration): Promise<void> => {
    setBusy(true)
    try {
      await api({ method: 'POST', path: '/api/auth/register', body: registration })
    } catch (error) {
      const refused = refusedFields(error)
      setWrong(refused)
      setProblem(refused.length > 0 ? undefined : error)
      return setBusy(false)
    }
    try {
      const { email, password } = registration
      await session.signIn({ email, password })
      notify('account.registered', { staysFor: 1 })
    } catch {
      notify('account.registeredOnly', { staysFor: 1 })
      await navigate({ to: '/login', search })
    }
  }

  const submit = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    const [name, email] = [textIn(data, 'name').trim(), textIn(data, 'email').trim()]
    const registration = { name, email, password: textIn(data, 'password') }
    const found = wrongInRegistration(registration)
    setWrong(found)
    setProblem(undefined)
    if (found.length === 0 && !isBusy) void register(registration)
  }

  return (
    <section className="narrow card">
      <PageHeading title={t('account.registerHeading')} />
      <ErrorSummary wrong={wrong} />
      {problem !== undefined && <ProblemNote error={problem} />}
      <form noValidate onSubmit={submit}>
        <Field
          name="name"
          label={t('account.name')}
          hint={t('account.nameHint')}
          error={errorOf(wrong, 'name')}
        >
          {control => <input {...control} autoComplete="name" maxLength={100} required />}
        </Field>
        <Field name="email" label={t('account.email')} error={errorOf(wrong, 'email')}>
          {control => (
            <input
              {...control}
              type="email"
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              required
            />
          )}
        </Field>
        <PasswordField
          autoComplete="new-password"
          hint={t('account.passwordHint')}
          error={errorOf(wrong, 'password')}
        />
        <button type="submit" className="button button-main" aria-disabled={isBusy}>
          {isBusy ? t('account.working') : t('account.register')}
        </button>
      </form>
      <p>
        {t('account.haveAccount')}{' '}
        <Link to="/login" search={search}>
          {t('site.logIn')}
        </Link>
      </p>
    </section>
  )
}

function refusedFields(error: unknown): WrongField[] {
  if (!(error instanceof ApiError)) return []
  if (error.code === 'ERR_EMAIL_TAKEN') return [{ field: 'email', error: 'emailTaken' }]
  const known = ['name', 'email', 'password'] as const
  return known.filter(field => error.fields.includes(field)).map(field => ({ field, error: field }))
}
