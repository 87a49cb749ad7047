/** ListingForm: writes or changes a listing. What is typed is kept as a draft until it is sent. */
import { useState, type ReactElement, type SyntheticEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/api-error.ts'
import { drafts } from '../app/site.ts'
import type { DraftOf } from '../drafts/draft-store.ts'
import { ErrorSummary } from '../forms/error-summary.tsx'
import { errorOf, type WrongField } from '../forms/wrong-fields.ts'
import { notify } from '../layout/notice.ts'
import { ProblemNote } from '../layout/problem-note.tsx'
import type { User } from '../session/session-gate.ts'
import { ListingFields } from './listing-fields.tsx'
import {
  listingFields,
  readListingForm,
  type ListingField,
  type ListingFormValues,
} from './listing-form-values.ts'
import type { Listing, ListingInput } from './listing.ts'

interface ListingFormProps {
  readonly user: User
  readonly draftOf: DraftOf
  readonly initial: ListingFormValues
  readonly submitLabel: string
  /** Sends the listing. @throws {ApiError} */
  readonly send: (input: ListingInput) => Promise<Listing>
  /** Goes on to another page. */
  readonly done: (listing: Listing) => void
}

const wrongFields = (fields: readonly ListingField[]): WrongField[] =>
  fields.map(field => ({ field, error: field }))

export function ListingForm({
  user,
  draftOf,
  initial,
  submitLabel,
  send,
  done,
}: ListingFormProps): ReactElement {
  const { t } = useTranslation()
  const [draft] = useState(() => drafts.load(user.id, draftOf))
  const [values, setValues] = useState<ListingFormValues>({ ...initial, ...draft })
  const [isRestored, setRestored] = useState(draft !== undefined)
  const [wrong, setWrong] = useState<readonly WrongField[]>([])
  const [problem, setProblem] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)

  const change = (field: ListingField, text: string): void => {
    const next = { ...values, [field]: text }
    setValues(next)
    drafts.save(user.id, draftOf, next)
  }

  const discard = (): void => {
    drafts.remove(user.id, draftOf)
    setValues(initial)
    setRestored(false)
    notify('form.discarded')
    document.querySelector('h1')?.focus()
  }

  const submit = async (event: SyntheticEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const read = readListingForm(values)
    setWrong('wrong' in read ? wrongFields(read.wrong) : [])
    setProblem(undefined)
    if ('wrong' in read || isBusy) return
    setBusy(true)
    try {
      const listing = await send(read.input)
      drafts.remove(user.id, draftOf)
      done(listing)
    } catch (error) {
      const refused = listingFields.filter(field => error instanceof ApiError && error.fields.includes(field))
      setWrong(wrongFields(refused))
      if (refused.length === 0) setProblem(error)
      setBusy(false)
    }
  }

  return (
    <form noValidate className="card" onSubmit={event => void submit(event)}>
      {isRestored && (
        <div className="note restored" role="status">
          <p>{t('form.restored')}</p>
          <button type="button" className="button" onClick={discard}>
            {t('form.discard')}
          </button>
        </div>
      )}
      <ErrorSummary wrong={wrong} />
      <p className="hint">
        {t('form.lead')} {t('form.kept')}
      </p>
      <ListingFields values={values} change={change} errorOf={field => errorOf(wrong, field)} />
      {problem !== undefined && <ProblemNote error={problem} />}
      <button type="submit" className="button button-main" aria-disabled={isBusy}>
        {isBusy ? t('form.working') : submitLabel}
      </button>
    </form>
  )
}
