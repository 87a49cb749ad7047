/** ProblemNote: what went wrong, in the reader's words, with what the hub says and its code. */
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { asProblem } from '../api/problem.ts'
import type { words } from '../i18n/en/index.ts'

export function ProblemNote({ error }: { readonly error: unknown }): ReactNode {
  const { t, i18n } = useTranslation()
  if (error === null || error === undefined) return null
  const { code, message, detail, fix } = asProblem(error)
  const known = `errors.codes.${code as keyof typeof words.errors.codes}` as const
  const isKnown: boolean = i18n.exists(known)
  return (
    <div role="alert" className="rounded-lg border border-bad bg-bad-soft p-3">
      <p className="font-semibold text-bad">
        <span aria-hidden="true">✖ </span>
        {isKnown ? t(known) : message || t('errors.title')}
      </p>
      {detail && <p className="wrap-anywhere">{detail}</p>}
      {fix && <p className="hint wrap-anywhere">{fix}</p>}
      <p className="hint">
        {t('errors.code')}: <code className="kid">{code}</code>
      </p>
    </div>
  )
}
