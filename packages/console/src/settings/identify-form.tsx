/** IdentifyForm: whose a secret or a token is. What is typed goes to the hub once, and is shown and kept nowhere. */
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useRef, useState, type ReactNode, type SubmitEvent } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { post } from '../api/call.ts'
import { asProblem } from '../api/problem.ts'
import { paramsOf } from '../api/ring-name.ts'
import type { Identified, IdentifyRequest } from '../api/answers.ts'
import { stateName } from '../audit/state-name.ts'
import { Moment } from '../format/moment.tsx'
import { Fact, Facts } from '../ui/facts.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { TextField } from '../ui/text-field.tsx'

const kinds = ['token', 'secret'] as const

type Kind = (typeof kinds)[number]

export function IdentifyForm(): ReactNode {
  const { t } = useTranslation()
  const [kind, setKind] = useState<Kind>('token')
  const [isEmpty, setEmpty] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const identify = useMutation({
    mutationFn: (request: IdentifyRequest) => post<Identified>('/identify', request),
    gcTime: 0,
  })
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    // Not in a state of React's: nothing but the field itself holds it, and that is emptied at once.
    const field = form.current?.querySelector<HTMLInputElement>('input[name=given]')
    const given = field?.value.trim() ?? ''
    if (field) field.value = ''
    field?.focus()
    setEmpty(given === '')
    identify.reset()
    if (given !== '') identify.mutate(kind === 'token' ? { token: given } : { secret: given })
  }
  const isUnknown = identify.isError && asProblem(identify.error).code === 'ERR_RING_KEY_NOT_FOUND'
  return (
    <section className="card" aria-labelledby="identify">
      <form ref={form} noValidate className="flex flex-col gap-4" onSubmit={submit}>
        <h2 id="identify">{t('settings.identify')}</h2>
        <p>{t('settings.identifyText')}</p>
        <fieldset>
          <legend className="label">{t('settings.identifyKind')}</legend>
          <div className="flex flex-wrap gap-x-6">
            {kinds.map(each => (
              <label key={each} className="inline-flex min-h-8 items-center gap-2">
                <input
                  type="radio"
                  name="kind"
                  className="size-4"
                  checked={kind === each}
                  onChange={() => setKind(each)}
                />
                {t(`settings.identifyKinds.${each}`)}
              </label>
            ))}
          </div>
        </fieldset>
        <TextField
          label={t(`settings.identifyKinds.${kind}`)}
          hint={t('settings.identifyHint')}
          error={isEmpty ? t('settings.identifyEmpty') : undefined}
          type="password"
          name="given"
          autoComplete="off"
          spellCheck={false}
        />
        <button type="submit" className="button self-start" disabled={identify.isPending}>
          {t('settings.identifyDo')}
        </button>
        <div role="status">
          {identify.data && <Found found={identify.data} />}
          {isUnknown && <p className="font-semibold">{t('settings.identifyUnknown')}</p>}
        </div>
        {!isUnknown && <ProblemNote error={identify.error} />}
      </form>
    </section>
  )
}

function Found({ found }: { readonly found: Identified }): ReactNode {
  const { t } = useTranslation()
  return (
    <Facts>
      <Fact name={t('settings.identifyRing')}>{found.ring}</Fact>
      <Fact name={t('settings.identifyKey')}>
        <Link
          to="/rings/$application/$environment/keys/$kid"
          params={{ ...paramsOf(found.ring), kid: found.kid }}
          className="link kid inline-block min-h-6"
        >
          {found.kid}
        </Link>
      </Fact>
      <Fact name={t('settings.identifyState')}>{stateName(t, found.state)}</Fact>
      {found.createdAt !== null && (
        <Fact name={t('key.createdAt')}>
          <Moment at={found.createdAt * 1000} form="dated" />
        </Fact>
      )}
    </Facts>
  )
}
