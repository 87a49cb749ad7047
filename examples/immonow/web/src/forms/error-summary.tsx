/** ErrorSummary: all fields that are wrong, as links. It takes the focus each time a form is refused. */
import { useEffect, useRef, type ReactElement } from 'react'
import { useTranslation } from 'react-i18next'
import { fieldId, type WrongField } from './wrong-fields.ts'

export function ErrorSummary({ wrong }: { readonly wrong: readonly WrongField[] }): ReactElement | null {
  const { t } = useTranslation()
  const summary = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (wrong.length > 0) summary.current?.focus()
  }, [wrong])
  if (wrong.length === 0) return null
  return (
    <div
      className="note note-problem"
      ref={summary}
      tabIndex={-1}
      role="group"
      aria-labelledby="error-summary"
    >
      <h2 id="error-summary">{t('problem.summary', { count: wrong.length })}</h2>
      <ul>
        {wrong.map(({ field, error }) => (
          <li key={field}>
            <a
              href={`#${fieldId(field)}`}
              onClick={event => {
                event.preventDefault()
                document.getElementById(fieldId(field))?.focus()
              }}
            >
              {t(`fieldError.${error}`)}
            </a>
          </li>
        ))}
      </ul>
    </div>
  )
}
