/** LoginPage: also where a reader arrives whose session ended. */
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState, type ReactElement, type SyntheticEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/api-error.ts'
import { session } from '../app/site.ts'
import { ErrorSummary } from '../forms/error-summary.tsx'
import { Field } from '../forms/field.tsx'
import { PasswordField } from '../forms/password-field.tsx'
import { errorOf, type WrongField } from '../forms/wrong-fields.ts'
import { PageHeading } from '../layout/page-heading.tsx'
import { ProblemNote } from '../layout/problem-note.tsx'
import { textIn, wrongInLogin } from './account-form.ts'
import { UnexpectedSignOut } from './unexpected-sign-out.tsx'
import { useReturnByItself } from './use-return-by-itself.ts'

const route = getRouteApi('/login')

export function LoginPage(): ReactElement {
  const { t } = useTranslation()
  const { reason, returnTo } = route.useSearch()
  const [wrong, setWrong] = useState<readonly WrongField[]>([])
  const [problem, setProblem] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)
  useReturnByItself(reason !== undefined && !isBusy)

  const submit = async (event: SyntheticEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    const credentials = { email: textIn(data, 'email').trim(), password: textIn(data, 'password') }
    const found = wrongInLogin(credentials)
    setWrong(found)
    setProblem(undefined)
    if (found.length > 0 || isBusy) return
    setBusy(true)
    try {
      // SessionGuide then leaves this page.
      await session.signIn(credentials)
    } catch (error) {
      setProblem(error)
      setBusy(false)
    }
  }

  return (
    <section className="narrow card">
      <PageHeading title={reason === undefined ? t('account.logInHeading') : t('account.expiredHeading')} />
      {reason !== undefined && <p className="note note-ended">{t(`account.${reason}`)}</p>}
      <ErrorSummary wrong={wrong} />
      {problem !== undefined && <LoginProblem error={problem} />}
      <form noValidate onSubmit={event => void submit(event)}>
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
        <PasswordField autoComplete="current-password" error={errorOf(wrong, 'password')} />
        <button type="submit" className="button button-main" aria-disabled={isBusy}>
          {isBusy ? t('account.working') : t('account.logIn')}
        </button>
      </form>
      <p>
        {t('account.noAccount')}{' '}
        <Link to="/register" search={returnTo === undefined ? {} : { returnTo }}>
          {t('site.register')}
        </Link>
      </p>
      {reason !== undefined && <UnexpectedSignOut reason={reason} />}
    </section>
  )
}

function LoginProblem({ error }: { readonly error: unknown }): ReactElement {
  const { t } = useTranslation()
  const isRefused = error instanceof ApiError && (error.code === 'ERR_LOGIN_FAILED' || error.status === 400)
  const isLimited = error instanceof ApiError && error.status === 429
  if (!isRefused && !isLimited) return <ProblemNote error={error} />
  return (
    <p className="note note-problem" role="alert">
      {isRefused
        ? t('account.failed')
        : t('account.limit', { count: Math.ceil((error.retryAfter ?? 60) / 60) })}
    </p>
  )
}
